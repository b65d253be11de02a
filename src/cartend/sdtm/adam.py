"""Entry with ADaM already derived."""
