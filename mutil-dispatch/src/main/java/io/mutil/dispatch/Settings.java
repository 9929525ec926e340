package io.mutil.dispatch;

/**
 * What holds for all commands of a table.
 *
 * @param nested whether groups are words of the line
 * @param ignoreSurplus whether words beyond the last argument are left alone
 */
record Settings(boolean nested, boolean ignoreSurplus, Converters converters) {}
