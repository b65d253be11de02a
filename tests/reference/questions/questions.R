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
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string"), "values.json")
