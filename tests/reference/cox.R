# Cox regression beyond oracle.R: case weights, robust variance over clusters, score residuals,
# intervals with covariates that change in time, and the test of proportional hazards.
# Usage: Rscript cox.R, in this folder.  R 4.2.2, survival 3.5-3.  Writes values/_cox.json.
suppressMessages({library(survival); library(jsonlite)})
ct <- coxph.control(eps=1e-13, toler.chol=1e-14, iter.max=200)
T_ <- function(expr) tryCatch(suppressWarnings(expr), error=function(e) list(error=conditionMessage(e)))
fit_of <- function(m) list(coef=unname(coef(m)), se=unname(sqrt(diag(m$var))), loglik=m$loglik,
  naive=unname(sqrt(diag(if (is.null(m$naive.var)) m$var else m$naive.var))))
zph_of <- function(m) sapply(c("km", "identity", "log", "rank"), function(tr)
  T_({z <- cox.zph(m, transform=tr, terms=FALSE)$table; list(chisq=unname(z[, 1]), df=unname(z[, 2]))}), simplify=FALSE)
R <- list()
for (fn in list.files("data", pattern="\\.csv$", full.names=TRUE)) {
  nm <- sub("\\.csv$", "", basename(fn)); d <- read.csv(fn, colClasses=c(entry="numeric"))
  if (length(unique(d$grp)) < 2 || !any(d$status > 0)) next
  S <- if (all(is.na(d$entry))) Surv(d$time, d$status>0) else Surv(d$entry, d$time, d$status>0)
  d$w <- .5 + (seq_len(nrow(d)) %% 5)/2; d$id <- seq_len(nrow(d)) %/% 3
  r <- list()
  for (ties in c("efron", "breslow")) {
    r[[ties]] <- list(
      weighted=T_(fit_of(coxph(S ~ factor(grp) + x1 + x2, d, ties=ties, weights=w, cluster=id, control=ct))),
      robust=T_(fit_of(coxph(S ~ factor(grp) + strata(str), d, ties=ties, cluster=id, control=ct))))
    if (nm == "bmt")
      r[[ties]]$score <- unname(residuals(coxph(S ~ factor(grp) + strata(str), d, ties=ties, control=ct), type="score"))
    r[[ties]]$zph <- T_(zph_of(coxph(S ~ factor(grp) + x1 + x2, d, ties=ties, control=ct)))
    r[[ties]]$zph_strata <- T_(zph_of(coxph(S ~ factor(grp) + strata(str), d, ties=ties, control=ct)))
    r[[ties]]$zph_weighted <- T_(zph_of(coxph(S ~ factor(grp) + x1, d, ties=ties, weights=w, control=ct)))
  }
  R$sets[[nm]] <- r
}
# Stanford heart transplants: one row for the time on the list, one for the time after
h <- heart; h$transplant <- as.integer(h$transplant == "1")
write.csv(h[, c("start", "stop", "event", "age", "year", "surgery", "transplant", "id")], "heart.csv", row.names=FALSE)
h <- read.csv("heart.csv")
for (ties in c("efron", "breslow", "exact"))
  R$heart[[ties]] <- fit_of(coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, h, ties=ties, control=ct))
for (ties in c("efron", "breslow"))
  R$heart[[paste0(ties, "_robust")]] <- fit_of(coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, h, ties=ties, cluster=id, control=ct))
m <- coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, h, control=ct)
R$heart$zph <- zph_of(m)
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string", matrix="rowmajor"), "values/_cox.json")
