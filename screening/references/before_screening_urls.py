"""The addresses of what happens to records before they are screened: removals, here and elsewhere; and what is known beforehand."""

from django.urls import URLPattern, path

from screening.references.api import known as known_resources
from screening.references.api import removals as removal_resources
from screening.references.views import known, removals

pages: list[URLPattern] = [
    path("removals/", removals.removals, name="removals"),
    path("removals/back/", removals.put_back, name="put-back"),
    path("known-reviews/", known.known_reviews, name="known"),
    path("known-reviews/reviews.csv", known.reviews_csv, name="known-csv"),
    path("known-reviews/sources.csv", known.sources_csv, name="known-sources-csv"),
    path("known-reviews/<uuid:pk>/removal/", known.remove, name="remove-known"),
    path("sources/<slug:source>/removed-elsewhere/", removals.declare, name="declare"),
    path("declared-removals/<uuid:pk>/take-back/", removals.take_back, name="take-back"),
]
api: list[URLPattern] = [
    path("removals/", removal_resources.RemovalsAPI.as_view(), name="removals"),
    path("removals/back/", removal_resources.PutBackAPI.as_view(), name="put-back"),
    path("known-reviews/", known_resources.KnownReviewsAPI.as_view(), name="known"),
    path("known-reviews/<uuid:pk>/", known_resources.KnownReviewAPI.as_view(), name="known-review"),
    path("sources/<slug:source>/declared-removals/", removal_resources.DeclaredRemovalsAPI.as_view(), name="declared-removals"),
    path("declared-removals/<uuid:pk>/", removal_resources.DeclaredRemovalAPI.as_view(), name="declared-removal"),
]
