# Needs: the raw files of a study. Makes: sdtm/, findings.csv, adam/, admission/. No scenario
# changes these.


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


rule admission:
    input:
        sdtm=in_study("sdtm"),
        findings=in_study("findings.csv"),
        adsl=in_study("adam/adsl.parquet"),
    output:
        # alone of what stands in admission/: where a stop is left, the rest must outlive the job
        files=in_study("admission/files.csv"),
    log:
        "logs/{study}/admission.log",
    benchmark:
        "benchmarks/{study}/admission.tsv"
    priority: 60
    threads: 1
    resources:
        mem_mb=600,
        runtime=5,
    params:
        spec=spec("admission.py", lambda wildcards: of_data(wildcards.study)),
        # not tracked, as it asks for `input`: what the endpoints ask reruns `admitted`, no data
        asked=lambda wildcards, input: canonical(admitted(wildcards.study)),
    script:
        "../scripts/admission.py"


rule admitted:
    input:
        sdtm=in_study("sdtm"),
        findings=in_study("findings.csv"),
        adsl=in_study("adam/adsl.parquet"),
        files=in_study("admission/files.csv"),
    output:
        accepted=in_study("admission/accepted.csv"),
    log:
        "logs/{study}/admitted.log",
    benchmark:
        "benchmarks/{study}/admitted.tsv"
    priority: 60
    threads: 1
    resources:
        mem_mb=600,
        runtime=5,
    params:
        spec=spec("admitted.py", lambda wildcards: admitted(wildcards.study)),
    script:
        "../scripts/admitted.py"


rule response:
    input:
        sdtm=in_study("sdtm"),
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        admitted=in_study("admission/files.csv"),
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
