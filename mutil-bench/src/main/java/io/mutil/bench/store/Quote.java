package io.mutil.bench.store;

/** A value; 200 bytes as JSON. Public for Jackson. */
public record Quote(String symbol, String venue, long time, double bid, double ask, String note) {}
