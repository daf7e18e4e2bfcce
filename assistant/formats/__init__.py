"""The formats in which examples come: tables, JSON, CoNLL columns, and Rasa's own."""
