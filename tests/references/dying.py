"""A worker that dies while it reads."""


class Dies:
    """A handle whose worker is killed at one of its steps."""

    def __init__(self, handle, at):
        self.job, self.handle, self.left = handle.job, handle, at

    def step(self, done, total, sentence=""):
        self.handle.step(done, total, sentence)
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt
