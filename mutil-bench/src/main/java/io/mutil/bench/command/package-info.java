/**
 * Commands that are typed: a line that is run in {@link io.mutil.bench.command.CommandSuite}, and a table that is made in {@link
 * io.mutil.bench.command.CommandTableSuite}.
 */
@NullMarked
package io.mutil.bench.command;

import org.jspecify.annotations.NullMarked;
