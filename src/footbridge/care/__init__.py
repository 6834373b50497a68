"""The stages of care, in their order. A later stage may look back at an earlier one; an earlier one never looks forward."""
