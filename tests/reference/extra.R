# Values that oracle.R does not make: two more scales of the survival limits, the score interval of
# a proportion, Mantel-Haenszel tests and odds ratios, reverse Kaplan-Meier medians, robust errors.
# Usage: Rscript extra.R, in this folder.  R 4.2.2, survival 3.5-3.
suppressMessages({library(survival); library(jsonlite)})
R <- list()
for (nm in c("lung", "bmt", "sim_days", "e_time0", "e_entry")) {
  d <- read.csv(file.path("data", paste0(nm, ".csv")), colClasses=c(entry="numeric"))
  S <- if (all(is.na(d$entry))) Surv(d$time, d$status>0) else Surv(d$entry, d$time, d$status>0)
  r <- list()
  for (ct in c("logit", "arcsin")) for (lev in c(.9, .95)) {
    f <- survfit(S ~ 1, conf.type=ct, conf.int=lev)
    r[[paste(ct, lev)]] <- list(lower=f$lower, upper=f$upper)
  }
  if (all(is.na(d$entry))) {
    q <- quantile(survfit(Surv(d$time, d$status==0) ~ 1, conf.type="log-log"), .5)
    r$reverse <- unlist(q, use.names=FALSE)
  }
  R$limits[[nm]] <- r
}
g <- do.call(rbind, lapply(c(1, 5, 17, 100), function(n) t(sapply(0:min(n, 9), function(x)
  c(x, n, suppressWarnings(prop.test(x, n, correct=FALSE)$conf.int))))))
R$wilson <- g
tables <- list(
  ucb=unlist(apply(UCBAdmissions, 3, function(m) list(c(m[1,1], m[1,1]+m[2,1], m[1,2], m[1,2]+m[2,2])))),
  s2=c(15,30,10,32, 20,50,12,45), s3=c(3,20,1,18, 8,25,6,30, 12,40,9,35),
  s4zero=c(0,10,0,11, 5,15,2,14, 3,12,0,9), one=c(56,70,48,80))
for (nm in names(tables)) {
  m <- matrix(tables[[nm]], nrow=4)
  a <- array(rbind(m[1,], m[3,], m[2,]-m[1,], m[4,]-m[3,]), c(2, 2, ncol(m)))
  if (ncol(m) == 1) a <- array(c(a, 0, 0, 0, 0), c(2, 2, 2))  # an empty stratum changes nothing
  a <- a[, , apply(a, 3, sum) > 0, drop=FALSE]
  if (dim(a)[3] == 1) {
    t0 <- chisq.test(a[,,1], correct=FALSE)$statistic * (sum(a) - 1) / sum(a)
    R$cmh[[nm]] <- list(counts=m, statistic=unname(t0))
  } else {
    x <- mantelhaen.test(a, correct=FALSE); y <- mantelhaen.test(a, correct=TRUE)
    R$cmh[[nm]] <- list(counts=m, statistic=unname(x$statistic), corrected=unname(y$statistic),
                        or=unname(x$estimate), limits=as.numeric(x$conf.int))
  }
}
d <- read.csv("data/sim_month.csv"); d$id <- seq_len(nrow(d))
m <- coxph(Surv(time, status>0) ~ factor(grp) + x1 + x2, d, ties="breslow", cluster=id,
           control=coxph.control(eps=1e-13, toler.chol=1e-14, iter.max=200))
R$robust <- list(coef=unname(coef(m)), se=unname(sqrt(diag(m$var))))
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string"), "values/_extra.json")
