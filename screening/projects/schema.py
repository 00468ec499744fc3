"""How the API's operations are named in its description."""

from drf_spectacular.openapi import AutoSchema


class RoomSchema(AutoSchema):
    """An operation is called by its room, its resource and the method: "flow_box_get". No two are alike."""

    def get_operation_id(self) -> str:
        view = type(self.view)
        room = view.__module__.split(".")[-2]
        resource = view.__name__.removesuffix("API").removesuffix("View")
        words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in resource)
        return f"{room}{words}_{self.method.lower()}"
