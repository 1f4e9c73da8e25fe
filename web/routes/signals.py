"""The newsroom's signals: list them, put and delete one, read the log."""

from flask import Blueprint, Response, request

from indexer.clean.signal import clean_author, clean_signal
from indexer.ledger_signals import Signals
from search.errors import NotFound
from search.present import Json, signal_log, signal_shown
from search.signal import Signal
from web.admin import admin
from web.params import AuditParams, NoParams, SignalDeleteParams, SignalsParams, json_body, read_params, signal_record
from web.present import answer
from web.service import Service

LARGEST_SIGNAL = 32_000  # bytes of a body


def signal_routes(service: Service) -> Blueprint:
    """The signals of the API."""
    blueprint = Blueprint("signals", __name__)
    changes = Signals(service.changes)
    guarded = admin(service.settings.admin_token)

    def told(body: Json) -> Response:
        return answer({**body, "generation": service.generation(), "degraded": []})

    def one(signal: Signal) -> Response:
        return told({"signal": signal_shown(signal, service.clock())})

    @blueprint.get("/api/signals")
    @guarded
    def listed() -> Response:
        params, now = read_params(SignalsParams, request.args), service.clock()
        chosen = [
            signal_shown(each, now)
            for each in service.signals.all()
            if params.article in (None, each.article) and (params.place is None or each.is_of(params.place))
        ]
        return told({"signals": chosen})

    @blueprint.get("/api/signals/audit")
    @guarded
    def audit() -> Response:
        params = read_params(AuditParams, request.args)
        return told({"changes": signal_log(service.signals.log(params.limit), service.clock())})

    @blueprint.put("/api/signals/<id_>")
    @guarded
    def put(id_: str) -> Response:
        read_params(NoParams, request.args)
        request.max_content_length = LARGEST_SIGNAL
        signal = clean_signal(signal_record(json_body(request), id_))
        changes.put(signal, service.clock())
        return one(signal)

    @blueprint.delete("/api/signals/<id_>")
    @guarded
    def delete(id_: str) -> Response:
        params = read_params(SignalDeleteParams, request.args)
        signal = changes.delete(id_, clean_author(params.author), service.clock())
        if signal is None:
            raise NotFound(f"there is no signal {id_!r}")
        return one(signal)

    return blueprint
