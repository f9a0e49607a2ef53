"""The AsyncAPI document of a service: FastStream knows what is heard one at a time, the service the rest."""

from typing import TYPE_CHECKING, Any

from faststream.specification import AsyncAPI

if TYPE_CHECKING:
    from chassis.service import Service


def document(service: "Service") -> dict[str, Any]:
    """Return AsyncAPI 3.0: FastStream's own document, with batch hearing and everything said added to it."""
    spec = AsyncAPI(service.broker.faststream, title=f"Borgersamling: {service.name}", version=service.version)
    whole: dict[str, Any] = spec.to_specification().to_jsonable()
    whole["servers"] = {}  # where the broker is differs per installation and is nobody's business
    channels, operations = whole.setdefault("channels", {}), whole.setdefault("operations", {})
    schemas = whole.setdefault("components", {}).setdefault("schemas", {})
    messages = whole["components"].setdefault("messages", {})
    documented = {channel["address"] for channel in channels.values()}
    heard = [ear.fact for ear in service.ears.values()]
    for action, facts in (("send", service.says), ("receive", heard)):
        for fact in facts:
            if fact.subject_for() in documented:
                continue
            name = fact.fact_type()
            key = f"{action}-{name}"
            schema = fact.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[name] = schema
            messages[key] = {"title": name, "payload": {"$ref": f"#/components/schemas/{name}"}}
            channels[key] = {
                "address": fact.subject_for(),
                "messages": {name: {"$ref": f"#/components/messages/{key}"}},
            }
            operations[key] = {"action": action, "channel": {"$ref": f"#/channels/{key}"}}
    for channel in channels.values():
        channel.pop("servers", None)
    return whole
