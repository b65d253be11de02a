# Needs: every scenario of a study. Makes: compare/, checks.csv, report.html, subjects/,
# manifest.json.


rule compare:
    input:
        of_every_scenario(
            "adtte.parquet", "adrsp.parquet", "candidates.parquet", "ard.csv", "curves.parquet"
        ),
        adsl=in_study("adam/adsl.parquet"),
    output:
        compare=directory(in_study("compare")),
    log:
        "logs/{study}/compare.log",
    benchmark:
        "benchmarks/{study}/compare.tsv"
    priority: 20
    threads: 1
    resources:
        mem_mb=800,
        runtime=10,
    params:
        spec=spec("compare.py", lambda wildcards: shown(of_scenarios(wildcards.study))),
    script:
        "../scripts/compare.py"


rule checks:
    input:
        of_every_scenario(
            "adtte.parquet", "adrsp.parquet", "candidates.parquet", "ard.csv", "curves.parquet"
        ),
        findings=in_study("findings.csv"),
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        adrs=in_study("adam/adrs.parquet"),
        admrd=in_study("adam/admrd.parquet"),
    output:
        checks=in_study("checks.csv"),
    log:
        "logs/{study}/checks.log",
    benchmark:
        "benchmarks/{study}/checks.tsv"
    threads: 1
    resources:
        mem_mb=800,
        runtime=5,
    params:
        spec=spec("checks.py", lambda wildcards: of_scenarios(wildcards.study)),
    script:
        "../scripts/checks.py"


rule report:
    input:
        of_every_scenario(
            "adtte.parquet",
            "adrsp.parquet",
            "candidates.parquet",
            "ard.csv",
            "tables",
            "figures",
        ),
        sdtm=in_study("sdtm"),
        findings=in_study("findings.csv"),
        accepted=in_study("admission/accepted.csv"),
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        adrs=in_study("adam/adrs.parquet"),
        admrd=in_study("adam/admrd.parquet"),
        compare=in_study("compare"),
        checks=in_study("checks.csv"),
    output:
        report=in_study("report.html"),
        subjects=directory(in_study("subjects")),
    log:
        "logs/{study}/report.log",
    benchmark:
        "benchmarks/{study}/report.tsv"
    threads: 1
    resources:
        mem_mb=800,
        runtime=5,
    params:
        spec=spec("report.py", lambda wildcards: shown(of_scenarios(wildcards.study))),
    script:
        "../scripts/report.py"


rule manifest:
    input:
        of_every_scenario(
            "adtte.parquet",
            "adrsp.parquet",
            "candidates.parquet",
            "ard.csv",
            "curves.parquet",
            "tables",
            "figures",
        ),
        sdtm=in_study("sdtm"),
        findings=in_study("findings.csv"),
        accepted=in_study("admission/accepted.csv"),
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        adrs=in_study("adam/adrs.parquet"),
        admrd=in_study("adam/admrd.parquet"),
        adbrdg=in_study("adam/adbrdg.parquet"),
        adelig=in_study("adam/adelig.parquet"),
        compare=in_study("compare"),
        checks=in_study("checks.csv"),
        report=in_study("report.html"),
        subjects=in_study("subjects"),
    output:
        manifest=in_study("manifest.json"),
    log:
        "logs/{study}/manifest.log",
    benchmark:
        "benchmarks/{study}/manifest.tsv"
    threads: 1
    resources:
        mem_mb=600,
        runtime=5,
    params:
        spec=spec(
            "manifest.py",
            lambda wildcards: ruled(of_scenarios(wildcards.study), wildcards),
            record=lambda wildcards: run_record(wildcards.study),
        ),
    script:
        "../scripts/manifest.py"
