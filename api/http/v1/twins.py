"""Which command has which twin over HTTP, and which has none, and why (rule 9 of the house).

- A twin calls the same function of `api.verbs`; a test holds every command, route and verb to this table.
- Where a command has no twin its reason is a sentence, in both languages, and stands in the docs.

    TWINS["hash"].operation  ->  "hashEvents"

ARCHITECTURE.md 2 (rule 9), 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Twin:
    """The operation that is a command's twin, and the functions of `api.verbs` that both call."""

    operation: str
    verbs: tuple[str, ...]


TWINS: Mapping[str, Twin] = {
    "capture": Twin("capture", ("capture.capture",)),
    "import": Twin("importSheet", ("sheets.look", "sheets.import_sheet", "sheets.marked")),
    "master add": Twin("addMaster", ("master.add",)),
    "master list": Twin("listMaster", ("master.list_things",)),
    "master show": Twin("showMaster", ("master.show", "master.history")),
    "master schema": Twin("masterSchema", ()),
    "sscc": Twin("takeUnits", ("sscc.take", "sscc.list_units")),
    "number": Twin("takeNumber", ("number.take", "number.give_up", "number.list_numbers")),
    "submit": Twin("submitEntries", ("submit.submit",)),
    "balance": Twin("balanceStock", ("balance.balance",)),
    "season": Twin(
        "showSeason", ("season.season", "season.season_events", "season.season_processes", "season.season_lots")
    ),
    "export bundle": Twin("exportBundle", ("export_bundle.export_bundle", "publish.give")),
    "export paper": Twin("exportPaper", ("export.export", "export.read_template")),
    "credential": Twin("issueCredential", ("credential.credential",)),
    "label": Twin("writeLabel", ("label.label",)),
    "formats": Twin("listFormats", ("export.list_formats", "export.template_text")),
    "findings": Twin("listFindings", ("findings.list_findings",)),
    "trace": Twin("traceLot", ("trace.trace",)),
    "proof": Twin("proveEntry", ("proof.proof",)),
    "verify": Twin("verify", ("verify.verify",)),
    "verifier": Twin("writeVerifier", ("verifier.verifier",)),
    "hash": Twin("hashEvents", ("hash.hash_document",)),
    "id": Twin("identify", ("identify.identify",)),
    "convert": Twin("convert", ("convert.convert",)),
    "key admit": Twin("admitDevice", ("device.look",)),
    "key asking": Twin("listAsking", ("device.waiting",)),
    "key list": Twin("listKeys", ("key.list_keys",)),
    "member list": Twin("listMembers", ("member.list_members",)),
    "publish": Twin("publishLot", ("publish.publish", "publish.withdraw", "publish.list_published")),
    "recall": Twin(
        "actRecall",
        (
            "recall.recall",
            "recall.drill",
            "recall.open_recall",
            "recall.close_recall",
            "recall_notice.notices",
            "recalls.recall_status",
            "recalls.list_recalls",
        ),
    ),
    "attach": Twin("attachFile", ("attach.attach",)),
    "document list": Twin("listDocuments", ("attach.list_documents",)),
    "document save": Twin("readDocument", ("attach.read_document",)),
    "token add": Twin("addToken", ("token.add_token",)),
    "token list": Twin("listTokens", ("token.list_tokens",)),
    "token revoke": Twin("revokeToken", ("token.revoke_token",)),
    "account add": Twin("addAccount", ("account.add_account",)),
    "account list": Twin("listAccounts", ("account.list_accounts",)),
    "account remove": Twin("removeAccount", ("account.remove_account",)),
    "account role": Twin("changeRole", ("account.change_role",)),
    "account invite": Twin("invite", ("account.invite",)),
    "account reset": Twin("resetPassword", ("account.reset",)),
    "account invitations": Twin("listInvitations", ("account.list_invitations", "account.withdraw_invitation")),
    "account accept": Twin("acceptInvitation", ("account.accept_invitation",)),
    "account sessions": Twin("listSessions", ("account.list_sessions", "account.end_session")),
    "account log": Twin("listAccess", ("access_log.list_access",)),
    "account password": Twin("changePassword", ("account.change_password",)),
    "trust add": Twin("trustLog", ("trust.add",)),
    "trust list": Twin("listTrusted", ("trust.known_logs",)),
    "trust remove": Twin("distrustLog", ("trust.remove",)),
}
WITHOUT: Mapping[str, str] = {
    "init": "without-server",
    "demo": "without-server",
    "serve": "without-server",
    **dict.fromkeys(
        (
            "key new", "key rotate", "key revoke", "key compromise",
            "member offer", "member propose", "member add", "member approve", "member recover",
            "erase",
        ),
        "without-admin-key",
    ),
    "audit": "without-own-audit",
    "events": "without-standard",
    "rebuild": "without-store",
    "backup": "without-store",
    "restore": "without-store",
}  # fmt: skip
