"""The shape of the flow's numbers over HTTP."""

from rest_framework import serializers


class EquationTerm(serializers.Serializer):
    words = serializers.CharField()
    n = serializers.IntegerField()
    box = serializers.CharField(allow_blank=True, help_text="The list that this number opens; empty where there is none.")
    part = serializers.CharField(allow_blank=True, help_text="The part of that list, where it is not the whole.")


class EquationOut(serializers.Serializer):
    words = serializers.CharField()
    left = serializers.IntegerField()
    box = serializers.CharField(allow_blank=True)
    right = EquationTerm(many=True)
    holds = serializers.BooleanField()


class SourceFigure(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    n = serializers.IntegerField()
    declared = serializers.IntegerField(help_text="How many of these were removed elsewhere: there is no list of them.")


class ReasonFigure(serializers.Serializer):
    label = serializers.CharField()
    n = serializers.IntegerField()
    part = serializers.CharField(allow_blank=True, help_text="The part of the list of excluded reports that has these.")


class PreviousOut(serializers.Serializer):
    studies = serializers.IntegerField(allow_null=True)
    reports = serializers.IntegerField()
    withdrawn_studies = serializers.IntegerField()
    withdrawn_reports = serializers.IntegerField()
    citation = serializers.CharField(allow_blank=True)


class FlowOut(serializers.Serializer):
    boxes = serializers.DictField(child=serializers.IntegerField())
    without_list = serializers.DictField(
        child=serializers.IntegerField(), help_text="By box: how many of its records were only declared, so that its list is shorter."
    )
    sources = SourceFigure(many=True)
    reasons = serializers.DictField(child=ReasonFigure(many=True))
    included_reviews = serializers.IntegerField()
    primary_studies = serializers.IntegerField(allow_null=True)
    previous = PreviousOut(allow_null=True, help_text="Where this review updates an earlier one.")
    identities = EquationOut(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
