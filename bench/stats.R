# One estimator on the data of bench/stats.py: Rscript stats.R KERNEL FILE N; prints seconds.
suppressMessages({library(survival); library(cmprsk)})
a <- commandArgs(TRUE); n <- as.integer(a[3])
f <- file(a[2], "rb"); d <- lapply(1:4, function(i) readBin(f, "integer", n)); close(f)
time <- d[[1]]; state <- d[[2]]; group <- d[[3]]; x <- d[[4]] / 1000
run <- list(
  km=function() survfit(Surv(time, state > 0) ~ 1, conf.type="log-log"),
  logrank=function() survdiff(Surv(time, state > 0) ~ group),
  cif=function() cuminc(time, state),
  gray=function() cuminc(time, state, group),
  cox=function() coxph(Surv(time, state > 0) ~ x),
  finegray=function() crr(time, state, cbind(x)))[[a[1]]]
once <- function() system.time(run())[["elapsed"]]
first <- once()
cat(if (first < 2) min(first, once(), once()) else first, "\n")
