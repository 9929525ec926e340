package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class InquiryTest {
    @Test
    void soManyAreAskedAboutAtATimeAndNoMore() {
        var tasks = new ArrayList<Runnable>();
        var inquiry = new Inquiry(tasks::add, request -> UpgradeAnswer.accept(), 1);
        var answers = new ArrayList<Inquiry.Answer>();
        UpgradeRequest request = UpgradeRequest.of(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), new EmbeddedChannel());

        inquiry.ask(request, null, answers::add);
        assertThat(answers).isEmpty();
        inquiry.ask(request, null, answers::add);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).refusal()).isNotNull();
        tasks.remove(0).run();
        inquiry.ask(request, null, answers::add);
        tasks.remove(0).run();

        assertThat(answers).hasSize(3);
        assertThat(answers.subList(1, 3)).allMatch(answer -> answer.refusal() == null);
    }
}
