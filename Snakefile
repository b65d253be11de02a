# The pipeline, as a table of contents: records become dates, dates events, events numbers, numbers
# pages. Run it with `snakemake --cores 4`, your own trial with `--configfile my.yaml`.
from snakemake.utils import min_version

min_version("9.19")


if not workflow.overwrite_configfiles:

    configfile: f"{workflow.basedir}/config/config.yaml"


include: "workflow/rules/common.smk"  # the resolved configuration, and the parameter of every rule
include: "workflow/rules/study.smk"  # per study: ingest, subjects, response
include: "workflow/rules/scenario.smk"  # per study and scenario: events, estimate, draw, tabulate
include: "workflow/rules/pages.smk"  # per study: compare, checks, report, manifest


localrules:
    all,


rule all:
    default_target: True
    input:
        expand(f"{RESULTS}/{{study}}/manifest.json", study=RUN.studies),


onsuccess:
    last_words([line for study in RUN.studies for line in errors_of_primary(study)])


onerror:
    last_words([line for study in RUN.studies for line in number_of_stops(study)])
