# Needs: adam/ of a study. Makes: everything under results/<study>/<scenario>/. A new or changed
# scenario runs these four rules and the study's pages, and nothing else.


rule events:
    input:
        adsl=in_study("adam/adsl.parquet"),
        adevt=in_study("adam/adevt.parquet"),
        adrs=in_study("adam/adrs.parquet"),
        admrd=in_study("adam/admrd.parquet"),
        brought=brought_times,
    output:
        adtte=in_scenario("adtte.parquet"),
        adrsp=in_scenario("adrsp.parquet"),
        candidates=in_scenario("candidates.parquet"),
    log:
        "logs/{study}/{scenario}/events.log",
    benchmark:
        "benchmarks/{study}/{scenario}/events.tsv"
    priority: 50
    threads: 1
    resources:
        mem_mb=800,
        runtime=5,
    params:
        spec=spec("events.py", lambda wildcards: of_scenario(**wildcards)),
    script:
        "../scripts/events.py"


rule estimate:
    input:
        adsl=in_study("adam/adsl.parquet"),
        adtte=in_scenario("adtte.parquet"),
        adrsp=in_scenario("adrsp.parquet"),
        whole=whole_trial,
        admitted=asked_of_primary,
    output:
        ard=in_scenario("ard.csv"),
        curves=in_scenario("curves.parquet"),
    log:
        "logs/{study}/{scenario}/estimate.log",
    benchmark:
        "benchmarks/{study}/{scenario}/estimate.tsv"
    priority: 40
    threads: 1
    resources:
        mem_mb=800,
        runtime=10,
    params:
        spec=spec("estimate.py", lambda wildcards: of_answers(**wildcards)),
    script:
        "../scripts/estimate.py"


rule draw:
    input:
        ard=in_scenario("ard.csv"),
        curves=in_scenario("curves.parquet"),
        adtte=in_scenario("adtte.parquet"),
        adsl=in_study("adam/adsl.parquet"),
        whole=whole_trial,
    output:
        figures=directory(in_scenario("figures")),
    log:
        "logs/{study}/{scenario}/draw.log",
    benchmark:
        "benchmarks/{study}/{scenario}/draw.tsv"
    priority: 30
    threads: 1
    resources:
        mem_mb=800,
        runtime=10,
    params:
        spec=spec("draw.py", lambda wildcards: shown(of_answers(**wildcards))),
    script:
        "../scripts/draw.py"


rule tabulate:
    input:
        ard=in_scenario("ard.csv"),
        adtte=in_scenario("adtte.parquet"),
        adrsp=in_scenario("adrsp.parquet"),
        adsl=in_study("adam/adsl.parquet"),
        admrd=in_study("adam/admrd.parquet"),
        whole=whole_trial,
    output:
        tables=directory(in_scenario("tables")),
    log:
        "logs/{study}/{scenario}/tabulate.log",
    benchmark:
        "benchmarks/{study}/{scenario}/tabulate.tsv"
    priority: 10
    threads: 1
    resources:
        mem_mb=800,
        runtime=10,
    params:
        spec=spec("tabulate.py", lambda wildcards: shown(of_answers(**wildcards))),
    script:
        "../scripts/tabulate.py"
