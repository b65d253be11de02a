"""Safety where it bears on efficacy: exposure, special interest, deaths, second malignancies."""
