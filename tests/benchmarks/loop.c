/* The same training, one sample at a time, all sigmoid, in C: gcc -O3 -march=native -ffast-math -shared -fPIC. */
#include <math.h>

void train(double *p, const long *w, long n_layers, const double *x, const double *y, long n_samples, double rate,
           double *a, double *d)
{
    for (long s = 0; s < n_samples; s++) {
        double *in = a, *q = p;
        for (long i = 0; i < w[0]; i++) in[i] = x[s * w[0] + i];
        for (long l = 0; l < n_layers; l++) {
            long n = w[l], m = w[l + 1];
            double *restrict z = in + n, *restrict u = in, *restrict b = q + n * m;
            for (long j = 0; j < m; j++) z[j] = b[j];
            for (long i = 0; i < n; i++)
                for (long j = 0; j < m; j++) z[j] += u[i] * q[i * m + j];
            for (long j = 0; j < m; j++) z[j] = 1 / (1 + exp(-z[j]));
            in += n;
            q = b + m;
        }
        double *out = in, *e = d + (in - a);
        for (long j = 0; j < w[n_layers]; j++) e[j] = (out[j] - y[s * w[n_layers] + j]) * out[j] * (1 - out[j]);
        for (long l = n_layers - 1; l >= 0; l--) {
            long n = w[l], m = w[l + 1];
            q -= (n + 1) * m;
            in -= n;
            double *restrict here = d + (in - a) + n, *restrict before = d + (in - a);
            for (long i = 0; i < n; i++) {
                double *restrict row = q + i * m, sum = 0, step = rate * in[i];
                for (long j = 0; j < m; j++) sum += row[j] * here[j];
                for (long j = 0; j < m; j++) row[j] -= step * here[j];
                before[i] = sum * in[i] * (1 - in[i]);
            }
            for (long j = 0; j < m; j++) q[n * m + j] -= rate * here[j];
        }
    }
}

/* The same with one update a batch: the gradients of its samples are added up in g, as long as p. */
void train_batches(double *p, const long *w, long n_layers, const double *x, const double *y, long n_samples,
                   long batch, double rate, double *a, double *d, double *g)
{
    long n_parameters = 0;
    for (long l = 0; l < n_layers; l++) n_parameters += (w[l] + 1) * w[l + 1];
    for (long first = 0; first < n_samples; first += batch) {
        long last = first + batch < n_samples ? first + batch : n_samples;
        for (long k = 0; k < n_parameters; k++) g[k] = 0;
        for (long s = first; s < last; s++) {
            double *in = a, *q = p, *h = g + n_parameters;
            for (long i = 0; i < w[0]; i++) in[i] = x[s * w[0] + i];
            for (long l = 0; l < n_layers; l++) {
                long n = w[l], m = w[l + 1];
                double *restrict z = in + n, *restrict u = in, *restrict b = q + n * m;
                for (long j = 0; j < m; j++) z[j] = b[j];
                for (long i = 0; i < n; i++)
                    for (long j = 0; j < m; j++) z[j] += u[i] * q[i * m + j];
                for (long j = 0; j < m; j++) z[j] = 1 / (1 + exp(-z[j]));
                in += n;
                q = b + m;
            }
            double *out = in, *e = d + (in - a);
            for (long j = 0; j < w[n_layers]; j++) e[j] = (out[j] - y[s * w[n_layers] + j]) * out[j] * (1 - out[j]);
            for (long l = n_layers - 1; l >= 0; l--) {
                long n = w[l], m = w[l + 1];
                q -= (n + 1) * m;
                h -= (n + 1) * m;
                in -= n;
                double *restrict here = d + (in - a) + n, *restrict before = d + (in - a);
                for (long i = 0; i < n; i++) {
                    double *restrict row = q + i * m, *restrict sums = h + i * m, sum = 0, sent = in[i];
                    for (long j = 0; j < m; j++) sum += row[j] * here[j];
                    for (long j = 0; j < m; j++) sums[j] += sent * here[j];
                    before[i] = sum * in[i] * (1 - in[i]);
                }
                for (long j = 0; j < m; j++) h[n * m + j] += here[j];
            }
        }
        double step = rate / (last - first);
        for (long k = 0; k < n_parameters; k++) p[k] -= step * g[k];
    }
}

/* One update of an optimiser with the gradient g: 1 momentum, 2 Nesterov, 3 Adagrad, 4 RMSprop, 5 Adam. */
static void update(long optimiser, double *restrict p, const double *restrict g, double *restrict m,
                   double *restrict v, long n, double rate, long t)
{
    const double mu = 0.9, beta = 0.999, epsilon = 1e-8;
    if (optimiser <= 2) {
        double own = optimiser == 2, carried = optimiser == 2 ? mu : 1;
        for (long k = 0; k < n; k++) {
            m[k] = mu * m[k] + g[k];
            p[k] -= rate * (own * g[k] + carried * m[k]);
        }
    } else if (optimiser <= 4) {
        double kept = optimiser == 3 ? 1 : beta, added = optimiser == 3 ? 1 : 1 - beta;
        for (long k = 0; k < n; k++) {
            v[k] = kept * v[k] + added * g[k] * g[k];
            p[k] -= rate * g[k] / (sqrt(v[k]) + epsilon);
        }
    } else {
        double length = rate / (1 - pow(mu, t)), root = 1 / sqrt(1 - pow(beta, t));
        for (long k = 0; k < n; k++) {
            m[k] = mu * m[k] + (1 - mu) * g[k];
            v[k] = beta * v[k] + (1 - beta) * g[k] * g[k];
            p[k] -= length * m[k] / (sqrt(v[k]) * root + epsilon);
        }
    }
}

void make_updates(long count, long optimiser, double *p, const double *g, double *m, double *v, long n, double rate)
{
    for (long t = 1; t <= count; t++) update(optimiser, p, g, m, v, n, rate, t);
}
