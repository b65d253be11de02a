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
writeLines(toJSON(R, digits=NA, auto_unbox=TRUE, na="string"), "values.json")
