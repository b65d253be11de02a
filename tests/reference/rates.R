# Rates, rare counts and agreement.  Usage: Rscript rates.R, in this folder.  R 4.2.2 with numDeriv.
# Writes values/_rates.json.  poisson.test, binom.test, cor and glm are R's own; base R has no mid-P
# interval, Newcombe interval, Breslow-Day test, pooled rate or kappa: those are found here by
# another way than in the code (root search, optimisation, numerical derivatives, loops).
suppressMessages({library(jsonlite); library(numDeriv)})
R <- list()
R$garwood <- do.call(rbind, lapply(c(.9, .95), function(lev) t(sapply(c(0, 1, 2, 3, 7, 16, 100, 1000),
  function(o) c(o, 12.5, lev, poisson.test(o, 12.5, conf.level=lev)$conf.int)))))
# mid-P: roots of P(X > x) + P(X = x)/2 = alpha/2 in dbinom sums
midp <- function(x, n) { up <- function(p) sum(dbinom(seq(x, n), n, p)) - dbinom(x, n, p) / 2
  c(if (x == 0) 0 else uniroot(function(p) up(p) - .025, c(0, x / n), tol=1e-15)$root,
    if (x == n) 1 else uniroot(function(p) up(p) - .975, c(x / n, 1), tol=1e-15)$root) }
R$midp <- do.call(rbind, lapply(c(1, 5, 17, 100), function(n) t(sapply(0:min(n, 9), function(x) c(x, n, midp(x, n))))))
R$target <- do.call(rbind, lapply(c(.2, .55, .56), function(p0) t(sapply(c(0, 10, 34, 48), function(x)
  c(x, 48, p0, binom.test(x, 48, p0, alternative="greater")$p.value)))))
# fewest responders of n that reject p0 at .025, by trying all
R$fewest <- do.call(rbind, lapply(c(5, 20, 48, 100), function(n) t(sapply(c(.05, .2, .5, .9), function(p0) {
  p <- sapply(0:n, function(x) pbinom(x - 1, n, p0, lower.tail=FALSE)); k <- which(p < .025); c(n, p0, if (length(k)) k[1] - 1 else -1) }))))
# Wilson limits by root search on the score statistic, then Newcombe's square and add, over strata
wil <- function(x, n, z) { f <- function(p) (x / n - p)^2 - z^2 * p * (1 - p) / n
  c(if (x == 0) 0 else uniroot(f, c(1e-300, x / n - 1e-9 * (x == n)), tol=1e-15)$root, if (x == n) 1 else uniroot(f, c(x / n + 1e-9 * (x == 0), 1), tol=1e-15)$root) }
arm <- function(x, n, w, z) { V <- x / n * (1 - x / n) / n; if (length(n) > 1) z <- z * sqrt(sum(w^2 * V)) / sum(w * sqrt(V))
  l <- mapply(wil, x, n, MoreArgs=list(z=z)); c(sum(w * l[1, ]), sum(w * l[2, ])) }
newc <- function(x1, n1, x2, n2) { z <- qnorm(.975); w <- n1 * n2 / (n1 + n2); w <- w / sum(w); d <- sum(w * (x1 / n1 - x2 / n2))
  a <- arm(x1, n1, w, z); b <- arm(x2, n2, w, z); k1 <- sum(w^2 / n1); k2 <- sum(w^2 / n2)
  c(d, d - z * sqrt(k1 * a[1] * (1 - a[1]) + k2 * b[2] * (1 - b[2])), d + z * sqrt(k1 * a[2] * (1 - a[2]) + k2 * b[1] * (1 - b[1]))) }
# Breslow-Day: the expected count by root search on the odds ratio of the table with its margins
bd <- function(x1, n1, x2, n2) { N <- n1 + n2; or <- sum(x1 * (n2 - x2) / N) / sum(x2 * (n1 - x1) / N); m <- x1 + x2
  k <- m > 0 & m < N; x1 <- x1[k]; n1 <- n1[k]; n2 <- n2[k]; m <- m[k]
  A <- mapply(function(m, n1, n2) { lo <- max(0, m - n2); hi <- min(n1, m); e <- (hi - lo) * 1e-12
    uniroot(function(a) log(a) + log(n2 - m + a) - log(m - a) - log(n1 - a) - log(or), c(lo + e, hi - e), tol=1e-14)$root }, m, n1, n2)
  V <- 1 / (1 / A + 1 / (m - A) + 1 / (n1 - A) + 1 / (n2 - m + A)); s <- sum((x1 - A)^2 / V)
  list(stat=s, tarone=s - sum(x1 - A)^2 / sum(V), df=length(A) - 1) }
u <- UCBAdmissions
tables <- list(a=list(56, 70, 48, 80), b=list(9, 10, 3, 10), c=list(6, 7, 2, 7), d=list(5, 56, 0, 29), e=list(0, 10, 0, 20),
  f=list(0, 10, 0, 10), g=list(10, 10, 0, 20), h=list(10, 10, 0, 10), ucb=list(u[1, 1, ], u[1, 1, ] + u[2, 1, ], u[1, 2, ], u[1, 2, ] + u[2, 2, ]),
  s2=list(c(15, 20), c(30, 50), c(10, 12), c(32, 45)), s3=list(c(3, 8, 12), c(20, 25, 40), c(1, 6, 9), c(18, 30, 35)),
  s4zero=list(c(0, 5, 3), c(10, 15, 12), c(0, 2, 0), c(11, 14, 9)), s5=list(c(5, 2, 7, 1), c(6, 2, 9, 1), c(3, 1, 4, 0), c(7, 3, 8, 2)),
  s6=list(c(120, 80, 60, 44), c(200, 150, 90, 80), c(100, 70, 40, 50), c(190, 160, 95, 75)))
R$tables <- lapply(tables, function(t) { t <- lapply(t, as.numeric); r <- list(x1=t[[1]], n1=t[[2]], x2=t[[3]], n2=t[[4]], newcombe=do.call(newc, t))
  if (length(t[[1]]) > 1) r$bd <- do.call(bd, t); r })
# pooled logits: the fixed effect by lm with known variances, tau2 where the generalised Q equals its mean under tau2 (linear in tau2)
pool <- function(x, n) { m <- ifelse(x == 0 | x == n, .5, 0); y <- log((x + m) / (n - x + m)); v <- 1 / (x + m) + 1 / (n - x + m)
  one <- function(t2) { f <- lm(y ~ 1, weights=1 / (v + t2)); c(coef(f), sqrt(summary(f)$cov.unscaled)) }
  f <- lm(y ~ 1, weights=1 / v); Q <- sum(residuals(f)^2 / v)
  P <- diag(1 / v) - outer(1 / v, 1 / v) / sum(1 / v)       # E(Q) = tr(P (V + tau2 I))
  t2 <- max(0, (Q - sum(diag(P %*% diag(v)))) / sum(diag(P)))
  list(x=x, n=n, fixed=one(0), random=one(t2), tau2=t2, q=Q) }
R$pooled <- list(pool(c(52, 83, 186, 48), c(60, 101, 256, 93)), pool(c(0, 3, 12), c(10, 11, 20)), pool(c(17, 95, 30), c(17, 97, 30)), pool(c(30, 40, 50), c(60, 80, 100)))
# kappa: the value from its definition, the error by the delta method with numerical derivatives
kap <- function(p, W) { po <- sum(W * p); pe <- sum(W * outer(rowSums(p), colSums(p))); (po - pe) / (1 - pe) }
kse <- function(T, W) { p <- T / sum(T); g <- grad(function(v) { q <- matrix(v, nrow(T)); kap(q / sum(q), W) }, as.vector(p), method.args=list(eps=1e-5))
  v <- as.vector(p); sqrt((sum(g^2 * v) - sum(g * v)^2) / sum(T)) }
kt <- list(matrix(c(20, 5, 10, 15), 2), matrix(c(44, 5, 1, 7, 20, 3, 9, 4, 6), 3), matrix(c(10, 0, 0, 0, 12, 0, 0, 0, 5), 3), matrix(c(8, 3, 0, 1, 2, 9, 4, 0, 1, 2, 7, 3, 0, 1, 2, 6), 4))
R$kappa <- lapply(kt, function(T) { k <- nrow(T); D <- abs(outer(1:k, 1:k, "-")); W <- list(unweighted=(D == 0) * 1, linear=1 - D / (k - 1), quadratic=1 - (D / (k - 1))^2)
  list(table=T, value=lapply(W, function(w) kap(T / sum(T), w)), se=lapply(W, function(w) kse(T, w))) })
# Kendall: R's own without censoring; with censoring pair by pair, error by leaving one out in turn
sgn <- function(a, ea, b, eb) if (a < b) { if (ea) -1 else NA } else if (a > b) { if (eb) 1 else NA } else if (ea && eb) 0 else if (ea) -1 else if (eb) 1 else NA
pairs <- function(x, ex, y, ey) { C <- D <- T1 <- T2 <- U <- 0; n <- length(x)
  for (i in seq_len(n - 1)) for (j in (i + 1):n) { a <- sgn(x[i], ex[i], x[j], ex[j]); b <- sgn(y[i], ey[i], y[j], ey[j])
    if (is.na(a) || is.na(b)) U <- U + 1 else if (a * b > 0) C <- C + 1 else if (a * b < 0) D <- D + 1 else if (a == 0 && b != 0) T1 <- T1 + 1 else if (b == 0 && a != 0) T2 <- T2 + 1 }
  c(C, D, T1, T2, U) }
tau <- function(k) (k[1] - k[2]) / sqrt((k[1] + k[2] + k[3]) * (k[1] + k[2] + k[4]))
set.seed(5); x <- rpois(40, 12) + 1; y <- x + rpois(40, 6); ex <- rbinom(40, 1, .7); ey <- rbinom(40, 1, .5)
full <- rep(1, 40)
R$kendall <- lapply(list(list(full, full), list(ex, ey)), function(e) { k <- pairs(x, e[[1]], y, e[[2]])
  loo <- sapply(1:40, function(i) tau(pairs(x[-i], e[[1]][-i], y[-i], e[[2]][-i])))
  list(x=x, y=y, ex=e[[1]], ey=e[[2]], pairs=k, tau=tau(k), se=sqrt(39 / 40 * sum((loo - mean(loo))^2)), cor=if (all(e[[1]] == 1)) cor(x, y, method="kendall") else NA) })
# Simon's design by listing every outcome: P(outcome at least as far), limits by root search, the
# unbiased estimate as the mean of x1/n1 over all paths to the outcome
simon <- function(x, stage, r1, n1, n, p0) { n2 <- n - n1
  g <- expand.grid(x1=0:n1, x2=0:n2); go <- g$x1 > r1
  rank <- ifelse(go, 1000 + g$x1 + g$x2, g$x1); own <- if (stage == 2) 1000 + x else x
  pr <- function(p) dbinom(g$x1, n1, p) * dbinom(g$x2, n2, p)
  tail <- function(p) sum(pr(p)[rank >= own]); head <- function(p) sum(pr(p)[rank <= own])
  paths <- choose(n1, g$x1) * choose(n2, g$x2)
  i <- rank == own; est <- if (stage == 2) sum((paths * g$x1 / n1)[i]) / sum(paths[i]) else x / n1
  c(x, stage, r1, n1, n, p0, est, if (x == 0) 0 else uniroot(function(p) tail(p) - .025, c(0, 1), tol=1e-15)$root,
    if (stage == 2 && x == n) 1 else uniroot(function(p) head(p) - .025, c(0, 1), tol=1e-15)$root, tail(p0)) }
R$simon <- rbind(simon(0, 1, 3, 13, 43, .2), simon(3, 1, 3, 13, 43, .2), simon(4, 2, 3, 13, 43, .2), simon(12, 2, 3, 13, 43, .2), simon(13, 2, 3, 13, 43, .2),
  simon(43, 2, 3, 13, 43, .2), simon(5, 2, 1, 10, 29, .1), simon(6, 2, 1, 10, 29, .1), simon(16, 2, 7, 18, 43, .3), simon(20, 2, 7, 18, 43, .3))
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string", matrix="rowmajor"), "values/_rates.json")
