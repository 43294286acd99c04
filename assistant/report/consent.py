"""What clients must be told about a tool, and a consent wording for each purpose that rests on consent."""

from __future__ import annotations

from assistant.assess.configurations import active_features
from assistant.converse.compose.context import Context, legal_space
from assistant.converse.draft import Block, Draft, Item, claim_from, frame
from assistant.schema import ConsentItem, Feature, InformationItem, Tool, ToolAssessment

_CAUTION = (
    "This text is for you to complete and to answer for: fill in the [brackets] and take out what does not apply. Consent to data "
    "processing is not consent to therapy and releases nobody from confidentiality, and it never stands in for a contract with the "
    "vendor. Not legal advice."
)


def compose_client_information(context: Context, tool: Tool, assessment: ToolAssessment) -> Draft:
    """The information text and, for each feature that is in use, a consent wording; every item with the clauses behind it.

    Features count as in use where the profile or the configuration at its best has them on.
    """
    features = active_features(tool, context.query.profile, assessment.at_best.configuration)
    wanted = {feature for feature, value in context.query.profile.features.items() if value == "on"} or features
    items = [
        entry
        for item in context.knowledge.information.values()
        if _applies(context, item, wanted) and (entry := _information(context, item, tool, assessment)) is not None
    ]
    consents = [
        entry
        for item in context.knowledge.consents.values()
        if _applies(context, item, wanted) and (entry := _consent(context, item, tool))
    ]
    blocks = [Block(tuple(items), title="What we want you to know", style="bullets")]
    if consents:
        blocks.append(Block(tuple(consents), title="What we ask your consent for", style="checklist"))
        blocks.append(Block((frame("Name, date, signature: ______________________"),)))
    blocks.append(Block((frame(f"*{_CAUTION}*"),)))
    return Draft(heading=f"### {tool.name}: information for clients", blocks=tuple(block for block in blocks if block.items))


def _applies(context: Context, item: InformationItem | ConsentItem, features: frozenset[Feature] | set[Feature]) -> bool:
    here = not item.jurisdictions or bool(set(item.jurisdictions) & set(legal_space(context.query.profile)))
    return here and (not item.needs_feature or bool(features & set(item.needs_feature)))


def _information(context: Context, item: InformationItem, tool: Tool, assessment: ToolAssessment) -> Item | None:
    clauses = [clause for clause in context.gather(item.clauses) if context.applies(clause)]
    if not clauses:
        return None
    claims = [claim_from(_fill(item.text, tool), clauses, at_most=2)]
    finding = assessment.at_best.finding(item.criterion) if item.criterion else None
    if finding is not None and finding.status in ("met", "conditional"):
        claims += [
            claim_from(ground.reason, context.gather(ground.clause_ids), at_most=1) for ground in finding.grounds[:1] if ground.clause_ids
        ]
    return Item(lead=f"**{_fill(item.title, tool)}.**", claims=tuple(claims))


def _consent(context: Context, item: ConsentItem, tool: Tool) -> Item | None:
    clauses = [clause for clause in context.gather(item.clauses) if context.applies(clause)]
    return Item(lead=f"**{_fill(item.title, tool)}.**", claims=(claim_from(_fill(item.text, tool), clauses),)) if clauses else None


def _fill(text: str, tool: Tool) -> str:
    return text.replace("{tool}", tool.name).replace("{product}", tool.product).replace("{publisher}", tool.publisher)
