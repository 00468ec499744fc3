"""JSON for routes that are asked with every key press: the same words as elsewhere, written in a tenth of the time."""

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class QuickJSON(JSONRenderer):
    """Moments, lazy words and the like are written as elsewhere in the API; what orjson cannot write, the other one does."""

    _others = JSONEncoder().default

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None or self.get_indent(accepted_media_type, renderer_context or {}) is not None:
            return super().render(data, accepted_media_type, renderer_context)
        try:
            return orjson.dumps(data, default=self._others, option=orjson.OPT_PASSTHROUGH_DATETIME)
        except orjson.JSONEncodeError:
            return super().render(data, accepted_media_type, renderer_context)
