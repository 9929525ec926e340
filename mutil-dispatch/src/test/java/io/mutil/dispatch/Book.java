package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.List;

/** A state to run commands with: what was done. */
class Book {
    final List<String> done = new ArrayList<>();

    String buy(String symbol, int quantity) {
        return note("bought " + quantity + " " + symbol);
    }

    String sell(String symbol) {
        return note("sold " + symbol);
    }

    String sellAll(String symbol) {
        return note("sold all " + symbol);
    }

    String sell(String symbol, int quantity) {
        return note("sold " + quantity + " " + symbol);
    }

    String drop(String symbol) {
        return note("dropped " + symbol);
    }

    private String note(String what) {
        done.add(what);
        return what;
    }
}
