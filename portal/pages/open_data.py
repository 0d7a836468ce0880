"""What the read API offers, said to people."""

from typing import Any

from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator

from portal.publishing.views import PublicPage


class OpenData(PublicPage, TemplateView):
    """The endpoints as the OpenAPI document has them, so that the two cannot differ."""

    template_name = "pages/open_data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
        endpoints = [
            {
                "path": path,
                "parameters": [
                    {
                        "name": parameter["name"],
                        "description": parameter.get("description", "").partition("* `")[0].strip(" \n.。"),
                        "choices": parameter["schema"].get("enum", []),
                    }
                    for parameter in said["get"].get("parameters", [])
                    if parameter["in"] == "query"
                ],
            }
            for path, said in sorted(paths.items())
            if path != "/api/schema/"
        ]
        return super().get_context_data(endpoints=endpoints, data_as_of=None, **kwargs)
