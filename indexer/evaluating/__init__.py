"""Evaluating and tuning: how well the site's settings answer queries whose right answers are known."""
