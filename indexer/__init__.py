"""From a CMS to a published generation."""
