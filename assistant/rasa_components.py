"""Rasa's component and policy names: what does their work here, and which options count.

A new option that some part begins to read is added here, or the user is told that it has no
meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

OptionKind = Literal["number", "whole", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """What stands for one of Rasa's components.

    Attributes:
        by: Who does its work, where that is a part which needs no such step; ``None`` where we
            have the step too.
        options: Those that count, with the kind of their values.
    """

    by: str | None = None
    options: dict[str, OptionKind] = field(default_factory=dict)


_ENCODER = Counterpart(by="the encoder")
_TAGGER = Counterpart(options={"split_entities_by_comma": "any", "entity_recognition": "any"})
_PATTERNS: dict[str, OptionKind] = {
    "case_sensitive": "any", "use_lookup_tables": "any", "use_regexes": "any",
}  # fmt: skip
_HISTORY: dict[str, OptionKind] = {"max_history": "whole"}
_LEARNED: dict[str, OptionKind] = _HISTORY | {"epochs": "whole", "random_seed": "whole"}
_RULES = Counterpart(by="the rule policy")

COMPONENTS: dict[str, Counterpart] = {
    **dict.fromkeys(
        (
            "WhitespaceTokenizer", "JiebaTokenizer", "MitieTokenizer", "SpacyTokenizer",
            "ConveRTTokenizer", "LanguageModelTokenizer", "SpacyNLP", "MitieNLP",
            "HFTransformersNLP", "ConveRTFeaturizer", "CountVectorsFeaturizer",
            "LanguageModelFeaturizer", "LexicalSyntacticFeaturizer", "MitieFeaturizer",
            "SpacyFeaturizer",
        ),
        _ENCODER,
    ),
    **dict.fromkeys(
        ("CRFEntityExtractor", "MitieEntityExtractor", "SpacyEntityExtractor", "DIETClassifier"),
        _TAGGER,
    ),
    **dict.fromkeys(
        (
            "KeywordIntentClassifier", "LogisticRegressionClassifier", "MitieIntentClassifier",
            "SklearnIntentClassifier",
        ),
        Counterpart(by="the intent head of the encoder"),
    ),
    "RegexFeaturizer": Counterpart(options=_PATTERNS),
    "RegexEntityExtractor": Counterpart(options=_PATTERNS | {"use_word_boundaries": "any"}),
    **dict.fromkeys(
        ("DucklingEntityExtractor", "DucklingHTTPExtractor", "BuiltinEntityExtractor"),
        Counterpart(options={"url": "any", "dimensions": "any", "locale": "any",
                             "timezone": "any", "timeout": "number", "reftime": "any"}),
    ),
    "EntitySynonymMapper": Counterpart(),
    "ResponseSelector": Counterpart(
        options={"retrieval_intent": "any", "use_text_as_label": "any"}
    ),
    "FallbackClassifier": Counterpart(
        options={"threshold": "number", "ambiguity_threshold": "number"}
    ),
}  # fmt: skip

POLICIES: dict[str, Counterpart] = {
    "MemoizationPolicy": Counterpart(options=_HISTORY),
    "AugmentedMemoizationPolicy": Counterpart(options=_HISTORY),
    "RulePolicy": Counterpart(
        options={"core_fallback_threshold": "number", "core_fallback_action_name": "any",
                 "enable_fallback_prediction": "any", "restrict_rules": "any",
                 "check_for_contradictions": "any"}
    ),
    "TEDPolicy": Counterpart(options=_LEARNED | {"e2e_confidence_threshold": "number"}),
    "UnexpecTEDIntentPolicy": Counterpart(
        options=_LEARNED | {"tolerance": "number", "ignore_intents_list": "any"}
    ),
    "FormPolicy": _RULES,
    "MappingPolicy": _RULES,
    "FallbackPolicy": _RULES,
    "TwoStageFallbackPolicy": _RULES,
    "KerasPolicy": Counterpart(by="the learned policy"),
    "EmbeddingPolicy": Counterpart(by="the learned policy"),
    "SklearnPolicy": Counterpart(by="the learned policy"),
}  # fmt: skip
