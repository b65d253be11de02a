# Needs: the raw files of a study. Makes: sdtm/, findings.csv, adam/. No scenario changes these.


rule ingest:
    output:
        sdtm=directory(in_study("sdtm")),
        findings=in_study("findings.csv"),
    log:
        "logs/{study}/ingest.log",
    benchmark:
        "benchmarks/{study}/ingest.tsv"
    priority: 60
    threads: 1
    resources:
        mem_mb=800,
        runtime=5,
    params:
        spec=spec(
            "ingest.py",
            lambda wildcards: of_data(wildcards.study),
            data=lambda wildcards: data_digests(wildcards.study),
        ),
    script:
        "../scripts/ingest.py"


rule subjects:
    input:
        sdtm=in_study("sdtm"),
    output:
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        adbrdg=in_study("adam/adbrdg.parquet"),
        adelig=in_study("adam/adelig.parquet"),
        adae=in_study("adam/adae.parquet"),
    log:
        "logs/{study}/subjects.log",
    benchmark:
        "benchmarks/{study}/subjects.tsv"
    priority: 60
    threads: 1
    resources:
        mem_mb=600,
        runtime=5,
    params:
        spec=spec("subjects.py", lambda wildcards: ruled(of_data(wildcards.study), wildcards)),
    script:
        "../scripts/subjects.py"


rule response:
    input:
        sdtm=in_study("sdtm"),
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
    output:
        adrs=in_study("adam/adrs.parquet"),
        admrd=in_study("adam/admrd.parquet"),
    log:
        "logs/{study}/response.log",
    benchmark:
        "benchmarks/{study}/response.tsv"
    priority: 60
    threads: 1
    resources:
        mem_mb=600,
        runtime=5,
    params:
        spec=spec("response.py", lambda wildcards: of_data(wildcards.study)),
    script:
        "../scripts/response.py"
