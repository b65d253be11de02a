# Values of the kernels behind the questions a regulator asks. Usage: Rscript questions.R, in this
# folder. R 4.2.2, survival 3.5-3.
suppressMessages({library(survival); library(jsonlite)})
R <- list()
tight <- coxph.control(eps=1e-13, toler.chol=1e-14, iter.max=200)
# Stanford heart transplants: a status that changes once (Mantel and Byar's own kind of data)
j <- jasa
h <- data.frame(time=as.numeric(j$fu.date - j$accept.dt), event=j$fustat,
                change=as.numeric(j$tx.date - j$accept.dt))
h$time <- h$time + 1; h$change <- h$change + 1
write.csv(h, "heart.csv", row.names=FALSE, na="")
rows <- do.call(rbind, lapply(seq_len(nrow(h)), function(i) {
  x <- h[i,]
  if (is.na(x$change) || x$change >= x$time) data.frame(start=0, stop=x$time, event=x$event, status=0)
  else rbind(data.frame(start=0, stop=x$change, event=0, status=0),
             data.frame(start=x$change, stop=x$time, event=x$event, status=1))
}))
f <- coxph(Surv(start, stop, event) ~ status, rows, ties="efron", control=tight)
e <- coxph(Surv(start, stop, event) ~ status, rows, ties="exact", control=tight)
R$heart <- list(coef=unname(coef(f)), se=sqrt(f$var[1]), score=unname(e$score))
s <- survfit(Surv(start, stop, event) ~ status, rows, conf.type="log-log")
p <- summary(s, times=c(30, 100, 365, 730), extend=TRUE)
R$heart$curve <- list(status=as.character(p$strata), time=p$time, surv=p$surv, n=p$n.risk)
# The illness-death model, on the transplant data of this folder
d <- read.csv("../data/bmt.csv", colClasses=c(entry="numeric"))
d$id <- seq_len(nrow(d))
d$last <- ifelse(d$status == 2, d$time + round(10 * abs(d$x1)) + 1, d$time)
d$died <- ifelse(d$status == 2, d$grp == 1, d$status == 1)
m <- do.call(rbind, lapply(seq_len(nrow(d)), function(i) {
  x <- d[i,]
  one <- data.frame(id=i, start=0, stop=x$time, to=c("none", "died", "relapse")[x$status + 1])
  if (x$status != 2) return(one)
  rbind(one, data.frame(id=i, start=x$time, stop=x$last, to=if (x$died) "after" else "none"))
}))
m$to <- factor(m$to, c("none", "died", "relapse", "after"))
m <- m[m$stop > m$start,]
a <- survfit(Surv(start, stop, to) ~ 1, m, id=id)
at <- c(50, 200, 500, 1000, 2000)
R$illness <- list(time=at, states=a$states, p=summary(a, times=at, extend=TRUE)$pstate)
# Harrell's C
for (nm in c("lung", "bmt")) {
  x <- read.csv(file.path("../data", paste0(nm, ".csv")), colClasses=c(entry="numeric"))
  k <- concordance(Surv(time, status > 0) ~ x1, x)
  g <- concordance(Surv(time, status > 0) ~ grp, x)
  R$concordance[[nm]] <- c(k$concordance, sqrt(k$var), g$concordance, sqrt(g$var))
}
# Interval-censored times (breast cosmesis, Finkelstein and Wolfe 1985: radiotherapy alone)
left <- c(45,6,0,46,46,7,17,7,37,0,4,15,11,22,46,46,25,46,26,46,27,36,46,32,46,36,37,40,17,46,
          46,37,38,5,36,46,46,18,24,36,5,19,17,24,40,11)
right <- c(NA,10,7,NA,NA,16,NA,14,44,8,11,NA,15,NA,NA,NA,37,NA,40,NA,34,44,NA,NA,NA,48,NA,NA,25,NA,
           NA,NA,NA,11,NA,NA,NA,NA,NA,NA,12,35,25,NA,NA,18)
b <- data.frame(left=left, right=right)
write.csv(b, "cosmesis.csv", row.names=FALSE, na="")
t <- survfit(Surv(ifelse(left == 0, NA, left), right, type="interval2") ~ 1, b)
R$turnbull <- list(time=c(3, 9, 13, 20, 30, 36.5, 41, 45.5),
                   surv=summary(t, times=c(3, 9, 13, 20, 30, 36.5, 41, 45.5))$surv)
# Inverse probability of censoring weights: state 2 of the transplants as informative censoring
d <- read.csv("../data/sim_days.csv", colClasses=c(entry="numeric")); d$id <- seq_len(nrow(d))
k <- coxph(Surv(time, status == 2) ~ x1 + x2, d, ties="breslow", control=tight)
bh <- basehaz(k, centered=FALSE)
grid <- sort(unique(d$time[d$status == 2]))
H <- approx(bh$time, bh$hazard, grid, method="constant", rule=2)$y
k0 <- survfit(Surv(time, status == 2) ~ 1, d, stype=2, ctype=1)
H0 <- approx(k0$time, k0$cumhaz, grid, method="constant", rule=2)$y
lp <- as.numeric(as.matrix(d[, c("x1", "x2")]) %*% coef(k))
rows <- survSplit(Surv(time, status == 1) ~ ., d, cut=grid, start="start", end="stop", event="ev")
at <- match(rows$start, grid)
rows$w <- ifelse(is.na(at), 1, exp(H[at] * exp(lp[rows$id]) - H0[at]))
f <- coxph(Surv(start, stop, ev) ~ grp, rows, weights=w, cluster=id, control=tight)
R$ipcw <- list(coef=unname(coef(f)), se=sqrt(f$var[1]), weights=c(min(rows$w), mean(rows$w), max(rows$w)),
               rows=nrow(rows))
# Weibull accelerated failure time model
l <- read.csv("../data/lung.csv", colClasses=c(entry="numeric"))
v <- survreg(Surv(time, status > 0) ~ x1 + grp, l, dist="weibull",
             control=survreg.control(rel.tolerance=1e-14, maxiter=200))
R$aft <- list(coef=unname(coef(v)), se=unname(sqrt(diag(v$var))[1:3]), scale=v$scale)
# Regression over trials
x <- log(c(0.398, 0.356, 1.07, 0.49, 0.29, 0.65)); y <- log(c(0.726, 0.757, 1.24, 1.01, 0.55, 0.9))
w <- c(43.7, 18.8, 23.9, 36.3, 31.3, 20); w <- w / mean(w)
g <- lm(y ~ x, weights=w)
top <- function(z) predict(g, data.frame(x=z), interval="prediction", weights=1)[3]
R$trials <- list(coef=unname(coef(g)), slope=unname(confint(g)[2,]), r2=summary(g)$r.squared,
                 without=sapply(1:6, function(i) summary(lm(y ~ x, weights=w, subset=-i))$r.squared))
x2 <- c(-1.5, -1.2, -1, -0.8, -0.5, 0.1); y2 <- 0.6 * x2 + 0.1 + c(0.02, -0.01, 0.015, -0.02, 0.01, 0)
g <- lm(y2 ~ x2, weights=w)
R$trials$threshold <- uniroot(top2 <- function(z) predict(g, data.frame(x2=z),
                              interval="prediction", weights=1)[3], c(-1.4, 0.1), tol=1e-12)$root
# Crossover: a trial in which treatment halves the speed of dying and controls switch
set.seed(11); n <- 240
a <- rep(0:1, n / 2); z <- rnorm(n); u <- rexp(n, exp(0.4 * z) / 300)
p <- u * runif(n, 0.2, 0.6); sw <- ifelse(a == 0 & runif(n) < 0.6, p + 10, NA)
t <- ifelse(a == 1, u * 2, ifelse(!is.na(sw) & sw < u, sw + (u - sw) * 2, u))
sw[!is.na(sw) & sw >= u] <- NA
horizon <- runif(n, 300, 1200); event <- as.integer(t <= horizon); t <- pmin(t, horizon)
sw[!is.na(sw) & sw >= t] <- NA; p <- ifelse(p < t, p, NA)
x <- data.frame(time=round(t, 4), event=event, arm=a, z=z, progressed=round(p, 4),
                switched=round(sw, 4), horizon=round(horizon, 4))
x$time <- pmin(x$time, x$horizon)
write.csv(x, "switch.csv", row.names=FALSE, na="")
x <- read.csv("switch.csv")
on <- ifelse(x$arm == 1, x$time, ifelse(is.na(x$switched), 0, x$time - x$switched))
zed <- function(psi, again) {
  lat <- x$time - on + exp(psi) * on; ev <- x$event
  if (again) {lim <- pmin(x$horizon, exp(psi) * x$horizon); ev <- ifelse(lat <= lim, ev, 0)
              lat <- pmin(lat, lim)}
  s <- survdiff(Surv(lat, ev) ~ x$arm)
  sign(s$obs[2] - s$exp[2]) * sqrt(s$chisq)
}
root <- function(target, again) uniroot(function(q) zed(q, again) - target, c(-2, 1.5), tol=1e-10)$root
R$rpsft <- list(itt=zed(0, FALSE), z=sapply(c(-1, -0.5, 0.5), zed, again=TRUE),
                z_all=sapply(c(-1, -0.5, 0.5), zed, again=FALSE),
                psi=c(root(0, FALSE), root(0, TRUE)), low=root(1.959964, FALSE), high=root(-1.959964, FALSE))
st <- x$arm == 0 & !is.na(x$progressed)
m <- !is.na(x$switched)
v <- survreg(Surv(time - progressed, event) ~ m[st] + z + log(pmax(progressed, 1)), x[st,],
             dist="weibull", control=survreg.control(rel.tolerance=1e-14, maxiter=200))
af <- exp(unname(coef(v))[2])
lat <- ifelse(m, x$switched + (x$time - x$switched) / af, x$time)
k <- coxph(Surv(lat, x$event) ~ x$arm, control=tight)
R$twostage <- list(af=af, ratio=exp(unname(coef(k))))
# Propensity score
g <- glm(I(status > 0) ~ x1 + grp, binomial, l, control=glm.control(epsilon=1e-14, maxit=100))
R$logistic <- list(coef=unname(coef(g)), se=unname(sqrt(diag(vcov(g)))), fitted=unname(fitted(g))[1:5])
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string"), "values.json")
