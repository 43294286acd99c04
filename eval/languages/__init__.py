"""The same questions in every language served: whether an answer is as good as that to the English twin."""
