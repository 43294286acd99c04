"""What a question about a tool wants, told by the nearest of some ways of asking, where the words alone do not tell it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.index.encoders import Encoder, Vectors

# The whole tool: may it be used?
VERDICT_EXEMPLARS = (
    "Is the service safe for therapy?",
    "May I use the service with clients?",
    "Can I see clients over the service?",
    "Is there anything against doing sessions over the service?",
    "Any problem with the service for counselling?",
    "What do you make of the service for my practice?",
    "Thinking of moving my practice to the service.",
    "My supervisor wants us to meet on the service. Should we?",
    "We have been on the service for years. Keep going?",
    "My trainee writes her notes with the service. Do I have to stop her?",
    "Can the service write my session notes?",
    "May the service summarise a client's history for me?",
    "May I paste client notes into the service?",
    "Would the service do for group therapy?",
    "A client only wants to talk on the service.",
    "A colleague swears by the service, is she right?",
    "The service on the free plan, yes or no?",
    "Would you advise against the service?",
    "I only have a private account with the service.",
    "Can we run supervision on the service?",
    "I would like to send clients messages with the service.",
    "Everybody at my clinic uses the service for video calls now.",
    "Planning to offer online counselling through the service next year.",
    "Is it a bad idea to talk to patients on the service?",
    "My client insists on the service.",
    "The service for couples counselling from home?",
    "We pay for the business plan of the service and want to hold sessions there.",
    "Does the service meet what data protection asks of a practice?",
    "Should a psychologist stay away from the service?",
    "Need a decision on the service for our counselling centre.",
    "Could I get into trouble for using the service with patients?",
    "Am I allowed to dictate notes into the service?",
    "Happy with the service so far, but is it compliant?",
)
# One question about it.
TOPIC_EXEMPLARS = (
    "How long does the service keep recordings?",
    "Who can see what I write in the service?",
    "Does the service train its AI with my data?",
    "Where is what I store with the service kept, and can I choose the place?",
    "Can clients join the service from the browser?",
    "Can I split a group into smaller rooms on the service?",
    "Can I delete a client's data from the service?",
    "Can I switch off recording in the service?",
    "Who gets the file after a recording on the service?",
    "My phone was off for weeks. What became of the messages on the service?",
    "Somebody joins the service by telephone. Is that person asked before it records?",
    "What happens to my data when I cancel the service?",
    "Does the service tell me about a breach?",
    "Is what I say on the service encrypted?",
    "Which companies help to run the service?",
    "Is there a waiting room in the service?",
    "Do the terms of the service mention children?",
    "My clinic gave me an account with the service. Can it read along?",
    "Can staff of the service listen to my calls?",
    "May the service change its terms without telling me?",
    "Which clause of the service says who owns recordings?",
    "Can the company behind the service read my messages?",
    "Do I get a contract from the service on the free plan?",
    "Is the chat of the service kept after the meeting?",
    "Does the other side notice when I record on the service?",
    "Will deleted conversations really be gone from the service?",
    "May the police get my data from the service?",
    "Can I tell the service not to use my chats for training?",
    "Is data of the service sent to America?",
    "Does everyone need an account to join a call on the service?",
    "Can I see who opened a recording in the service?",
    "Must the service tell me when it brings in a new supplier?",
    "Is two-factor sign-in there for the service?",
)
_NEAREST = 3


class NearestExemplars:
    """Compares questions, the tool's name replaced by "the service", with the exemplars; these are encoded when first needed."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def asks_for_verdict(self, question: str) -> bool:
        """Whether the mean of the three nearest verdict exemplars reaches that of the three nearest topic exemplars."""
        query = self._encoder.encode_query(question)
        verdict, topic = (float(np.sort(vectors @ query)[-_NEAREST:].mean()) for vectors in self._vectors)
        return verdict >= topic

    @cached_property
    def _vectors(self) -> tuple[Vectors, Vectors]:
        return self._encoder.encode_documents(VERDICT_EXEMPLARS), self._encoder.encode_documents(TOPIC_EXEMPLARS)
