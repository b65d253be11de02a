"""Estimators on arrays: proportions, survival, competing risks, regression.

Nothing here knows what a trial, an endpoint or a data frame is.  Every kernel is a pure function
of numpy arrays whose docstring gives the steps, the paper of the formula and the R function it
equals.  Data that cannot answer a question give NaN and a ``note``; a wrong call raises
:class:`cartend.stats.results.EstimationError`.

Modules are imported one by one (``from cartend.stats.survival import kaplan_meier``), so that a
job pays only for the estimators it uses.
"""
