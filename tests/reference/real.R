# Real patients that are not part of this repository: values of the outside data sets in the folder
# $CARTEND_OUTSIDE_DATA/real, where it is there; without it the stored values stay.
# Usage: Rscript real.R, in this folder.  R 4.2.2, survival 3.5-3, cmprsk 2.2-11.
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})
at <- file.path(Sys.getenv("CARTEND_OUTSIDE_DATA"), "real")
if (file.exists(file.path(at, "KMsurv_bmt.csv"))) {
  ct <- coxph.control(eps=1e-13, toler.chol=1e-14, iter.max=200)
  fit <- function(m) list(coef=unname(coef(m)), se=unname(sqrt(diag(m$var))))
  tests <- function(t) list(cause=rownames(t), stat=unname(t[, 1]), p=unname(t[, 2]), df=unname(t[, 3]))
  mid <- function(f) { q <- quantile(f, .5); list(est=unname(as.vector(q$quantile)), lo=unname(as.vector(q$lower)), hi=unname(as.vector(q$upper))) }
  b <- read.csv(file.path(at, "KMsurv_bmt.csv")); st <- ifelse(b$d2 == 1, 2, ifelse(b$d3 == 1, 1, 0))
  ci <- cuminc(b$t2, st, b$group)  # 1 death without relapse, 2 relapse
  dfs <- survdiff(Surv(t2, d3) ~ group, b)
  bmt <- list(gray=tests(ci$Tests), at365=timepoints(ci, 365)$est[, 1], names=rownames(timepoints(ci, 365)$est), logrank=dfs$chisq,
    os=survdiff(Surv(t1, d1) ~ group, b)$chisq)
  i <- read.csv(file.path(at, "tauProcess_Inotuzumab_INOVATE.csv"))
  ino <- c(fit(coxph(Surv(surv.time, event) ~ arm, i, control=ct)), mid(survfit(Surv(surv.time, event) ~ arm, i, conf.type="log-log")),
    list(logrank=survdiff(Surv(surv.time, event) ~ arm, i)$chisq, zph=unname(cox.zph(coxph(Surv(surv.time, event) ~ arm, i, control=ct))$table[1, 1])))
  m <- read.csv(file.path(at, "survival_myeloid.csv"))
  # HSCT as a covariate that changes in time; a transplant on the last day is after the end
  k <- !is.na(m$txtime) & m$txtime > 0 & m$txtime < m$futime
  rows <- rbind(data.frame(id=m$id, t0=0, t1=ifelse(k, m$txtime, m$futime), ev=ifelse(k, 0, m$death), trt=m$trt, sex=m$sex, tx=0),
                data.frame(id=m$id, t0=m$txtime, t1=m$futime, ev=m$death, trt=m$trt, sex=m$sex, tx=1)[k, ])
  mye <- list(logrank=survdiff(Surv(futime, death) ~ trt + strata(sex), m)$chisq,
    stratified=fit(coxph(Surv(futime, death) ~ I(trt == "B") + strata(sex), m, control=ct)),
    transplant=fit(coxph(Surv(t0, t1, ev) ~ I(trt == "B") + tx, rows, control=ct, cluster=id)))
  g <- read.csv(file.path(at, "survival_mgus2.csv")); s <- ifelse(g$pstat == 1, 1, ifelse(g$death == 1, 2, 0)); tm <- ifelse(g$pstat == 1, g$ptime, g$futime)
  fg <- crr(tm, s, cbind(as.integer(g$sex == "M"), g$age), gtol=1e-13, maxiter=100)
  gm <- list(gray=tests(cuminc(tm, s, g$sex)$Tests), crr=list(coef=unname(fg$coef), se=unname(sqrt(diag(fg$var)))))
  writeLines(toJSON(list(bmt=bmt, innovate=ino, myeloid=mye, mgus2=gm), digits=NA, auto_unbox=TRUE, na="string"), "values/_real.json")
}
