# Two arms beyond oracle.R: MaxCombo, Fleming-Harrington tests, restricted means, milestones, Cox by
# interval.  Usage: Rscript arms.R, in this folder.  R 4.2.2, survival 3.5-3.  Writes
# values/_arms.json.  survival has no Fleming-Harrington test with gamma, no MaxCombo and no
# difference of curves: those are written out here as loops, and the multivariate normal
# probability is found by nested integrate() over independent coordinates, not by the polar
# coordinates that the code uses.
suppressMessages({library(survival); library(jsonlite)})
ct <- coxph.control(eps=1e-13, toler.chol=1e-14, iter.max=200)
T_ <- function(expr) tryCatch(suppressWarnings(expr), error=function(e) list(error=conditionMessage(e)))
FH <- list(c(0, 0), c(1, 0), c(0, 1), c(1, 1))
# scores U (K) and covariance (K, K) of weighted log-rank tests of two groups, by strata, by loops
scores <- function(time, event, g, st, entry, W) {
  K <- length(W); U <- numeric(K); V <- matrix(0, K, K)
  for (s in unique(st)) {
    i <- st == s; S <- 1
    for (t in sort(unique(time[i & event]))) {
      r <- i & time >= t & entry < t; n <- sum(r); n2 <- sum(r & g); d <- sum(i & event & time == t); d2 <- sum(i & event & time == t & g)
      w <- sapply(W, function(a) S^a[1] * (1 - S)^a[2])
      U <- U + w * (d2 - n2 * d / n)
      if (n > 1) V <- V + outer(w, w) * d * (n - d) / (n - 1) * n2 / n * (1 - n2 / n)
      S <- S * (1 - d / n)
    }
  }
  list(U=U, V=V)
}
# P(all |Z| < z): Z = L X by pivoted Cholesky; integrate X1, X2, ... in turn, the last in closed form
mvn <- function(z, C) {
  p <- suppressWarnings(chol(C, pivot=TRUE, tol=1e-10)); r <- attr(p, "rank"); o <- attr(p, "pivot")
  L <- t(p)[, seq_len(r), drop=FALSE]
  own <- function(k) which(abs(L[, k]) > 1e-12 & rowSums(abs(L[, -seq_len(k), drop=FALSE])) < 1e-12)  # rows that end at x_k
  box <- function(k, M) {  # bounds of x_k from those rows, M (rows, points): what the earlier coordinates add
    i <- own(k); a <- L[i, k]; lo <- pmin((-z - M[i, , drop=FALSE]) / a, (z - M[i, , drop=FALSE]) / a); hi <- pmax((-z - M[i, , drop=FALSE]) / a, (z - M[i, , drop=FALSE]) / a)
    cbind(pmax(-9, apply(lo, 2, max, -9)), pmin(9, apply(hi, 2, min, 9))) }
  last <- function(M) { e <- box(r, M); pmax(0, pnorm(e[, 2]) - pnorm(e[, 1])) }
  M0 <- matrix(0, nrow(L), 1)
  if (r == 1) return(last(M0))
  if (r == 2) { e <- box(1, M0); return(panels(function(x) dnorm(x) * last(outer(L[, 1], x)), e[1], e[2])) }
  two <- function(x) { m <- L[, 1] * x; e <- box(2, matrix(m)); if (e[1] >= e[2]) return(0)
    panels(function(y) dnorm(y) * last(m + outer(L[, 2], y)), e[1], e[2], 6) }
  e <- box(1, M0); panels(function(x) dnorm(x) * sapply(x, two), e[1], e[2], 6)
}
panels <- function(f, lo, hi, n=24) { e <- seq(lo, hi, length.out=n + 1)
  sum(sapply(seq_len(n), function(i) integrate(f, e[i], e[i + 1], rel.tol=1e-10, abs.tol=1e-13, subdivisions=500)$value)) }
combo <- function(time, event, g, st, entry, W=FH, p=TRUE) {
  s <- scores(time, event, g, st, entry, W); if (all(diag(s$V) <= 1e-12)) return(list(error="no variance"))
  k <- diag(s$V) > 1e-12; z <- s$U[k] / sqrt(diag(s$V)[k]); C <- cov2cor(s$V[k, k, drop=FALSE])
  list(kept=which(k), z=z, corr=C, p=if (p) 1 - mvn(max(abs(z)), C) else NA)
}
R <- list()
SLOW <- c("bmt", "lung", "veteran")  # the nested integrals are slow: p-values on these and small sets
for (fn in list.files("data", pattern="\\.csv$", full.names=TRUE)) {
  nm <- sub("\\.csv$", "", basename(fn)); d <- read.csv(fn, colClasses=c(entry="numeric"))
  gs <- sort(unique(d$grp)); if (length(gs) < 2) next
  d <- d[d$grp %in% gs[1:2], ]; g <- d$grp == gs[2]; ev <- d$status > 0
  en <- if (all(is.na(d$entry))) rep(-1, nrow(d)) else d$entry
  S <- if (all(is.na(d$entry))) Surv(d$time, ev) else Surv(d$entry, d$time, ev)
  r <- list()
  if (any(ev)) {
    r$combo <- T_(combo(d$time, ev, g, rep(1, nrow(d)), en, p=nm %in% SLOW || nrow(d) < 60))
    r$combo_strata <- T_(combo(d$time, ev, g, d$str, en, p=nrow(d) < 60))
    r$combo3 <- T_(combo(d$time, ev, g, rep(1, nrow(d)), en, W=FH[1:3]))
  }
  f <- lapply(list(!g, g), function(i) survfit(S[i] ~ 1, conf.type="log-log"))
  tau <- min(sapply(f, function(z) max(z$time))); r$tau <- tau
  m <- T_(lapply(f, function(z) summary(z, rmean=tau)$table[c("rmean", "se(rmean)")]))
  if (is.null(m$error)) { e <- sapply(m, function(z) unname(z[1])); s <- sapply(m, function(z) unname(z[2])); r$rmst <- list(mean=e, se=s) }
  tt <- signif(tau * c(.2, .5, .8), 6); r$times <- tt
  b <- lapply(f, function(z) summary(z, times=tt, extend=TRUE))
  r$milestone <- lapply(1:2, function(k) list(surv=b[[k]]$surv, se=b[[k]]$std.err, lo=b[[k]]$lower, hi=b[[k]]$upper))
  cuts <- unname(quantile(d$time[ev], c(.3, .7), type=1)); cuts <- unique(cuts[cuts > 0 & cuts < max(d$time)])
  if (any(ev) && length(cuts)) {
    r$cuts <- cuts
    r$piecewise <- T_({
      z <- data.frame(t0=pmax(en, 0), t1=d$time, ev=as.integer(ev), g=as.numeric(g), x1=d$x1)
      if (any(z$t0 >= z$t1)) stop("time 0")
      q <- survSplit(Surv(t0, t1, ev) ~ ., z, cut=cuts, episode="ep")
      fit <- coxph(Surv(t0, t1, ev) ~ g:strata(ep) + x1:strata(ep), q, control=ct)
      list(coef=unname(coef(fit)), se=unname(sqrt(diag(fit$var))), loglik=fit$loglik)})
  }
  R$sets[[nm]] <- r
}
# probabilities of correlations of rank 1 to 3
C3 <- matrix(c(1, .9, .3, .9, 1, .5, .3, .5, 1), 3)
R$normal <- lapply(list(diag(2), C3[1:2, 1:2], C3, diag(3), matrix(1, 3, 3), matrix(.5, 3, 3) + diag(.5, 3)),
  function(C) list(corr=C, z=c(.5, 2, 3.5), p=sapply(c(.5, 2, 3.5), mvn, C=C)))
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string", matrix="rowmajor"), "values/_arms.json")
