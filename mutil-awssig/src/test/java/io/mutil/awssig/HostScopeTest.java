package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostScopeTest {
    @ParameterizedTest
    @CsvSource({
        // Amazon S3
        "s3.eu-central-1.amazonaws.com, s3, eu-central-1",
        "bucket.s3.eu-central-1.amazonaws.com, s3, eu-central-1",
        "my.bucket.s3.us-gov-west-1.amazonaws.com, s3, us-gov-west-1",
        "BUCKET.S3.EU-CENTRAL-1.AMAZONAWS.COM:443, s3, eu-central-1",
        "bucket.s3.dualstack.us-west-2.amazonaws.com, s3, us-west-2",
        "bucket.s3-fips.us-east-2.amazonaws.com, s3, us-east-2",
        "s3-us-west-2.amazonaws.com, s3, us-west-2",
        "bucket.s3-us-west-2.amazonaws.com, s3, us-west-2",
        // whose buckets may be in any region
        "s3.amazonaws.com, s3,",
        "bucket.s3.amazonaws.com, s3,",
        "my.bucket.s3.amazonaws.com:443, s3,",
        "eu-west-1.s3.amazonaws.com, s3,",
        "bucket.s3-accelerate.amazonaws.com, s3,",
        "bucket.s3-accelerate.dualstack.amazonaws.com, s3,",
        // Amazon S3 elsewhere
        "bucket.s3.cn-north-1.amazonaws.com.cn, s3, cn-north-1",
        "point-1234.s3-accesspoint.us-east-1.amazonaws.com, s3, us-east-1",
        "1234.s3-control.us-east-1.amazonaws.com, s3, us-east-1",
        "point-1234.s3-object-lambda.us-east-1.amazonaws.com, s3-object-lambda, us-east-1",
        "b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com, s3express, us-east-1",
        // other services of AWS
        "dynamodb.eu-west-1.amazonaws.com, dynamodb, eu-west-1",
        "data.kinesis.ap-northeast-1.amazonaws.com, kinesis, ap-northeast-1",
        "abc123.execute-api.us-east-1.amazonaws.com, execute-api, us-east-1",
        "search-logs-x.us-east-1.es.amazonaws.com, es, us-east-1",
        "sqs.us-east-1.api.aws, sqs, us-east-1",
        "eu-west-1.queue.amazonaws.com, sqs, eu-west-1",
        "email.us-east-1.amazonaws.com, ses, us-east-1",
        "bedrock-runtime.us-east-1.amazonaws.com, bedrock, us-east-1",
        "id.lambda-url.us-east-1.on.aws, lambda, us-east-1",
        "transcribestreaming.us-east-1.amazonaws.com, transcribe, us-east-1",
        "runtime-v2-lex.us-east-1.amazonaws.com, lex, us-east-1",
        "personalize-runtime.us-east-1.amazonaws.com, personalize, us-east-1",
        "entitlement.marketplace.us-east-1.amazonaws.com, aws-marketplace, us-east-1",
        "pinpoint.us-east-1.amazonaws.com, mobiletargeting, us-east-1",
        "sms-voice.pinpoint.us-east-1.amazonaws.com, sms-voice, us-east-1",
        "participant.connect.us-east-1.amazonaws.com, execute-api, us-east-1",
        "api.ecr-fips.us-gov-west-1.amazonaws.com, ecr, us-gov-west-1",
        "runtime.sagemaker.us-east-1.amazonaws.com, sagemaker, us-east-1",
        "ingest-cell1.timestream.us-east-1.amazonaws.com, timestream, us-east-1",
        "123456789012.ddb.us-east-1.amazonaws.com, dynamodb, us-east-1",
        "id.us-east-1.aoss.amazonaws.com, aoss, us-east-1",
        "iot.us-east-1.amazonaws.com, iot, us-east-1",
        "bucket.s3express-control.us-east-1.amazonaws.com, s3express, us-east-1",
        // PrivateLink
        "bucket.vpce-1a2b-3c4d.s3.us-east-1.vpce.amazonaws.com, s3, us-east-1",
        "control.vpce-1a2b-us-east-1a.s3-control.us-east-1.vpce.amazonaws.com, s3, us-east-1",
        "vpce-1a2b.sqs.eu-west-1.vpce.amazonaws.com, sqs, eu-west-1",
        "vpce-1a2b.api.ecr.eu-west-1.vpce.amazonaws.com, ecr, eu-west-1",
        "sts.amazonaws.com, sts, us-east-1",
        "iam.amazonaws.com, iam, us-east-1",
        // other stores
        "bucket.s3.us-west-001.backblazeb2.com, s3, us-west-001",
        "s3.eu-central-003.backblazeb2.com, s3, eu-central-003",
        "s3.eu-central-1.wasabisys.com, s3, eu-central-1",
        "bucket.s3.wasabisys.com, s3, us-east-1",
        "0123abcd.r2.cloudflarestorage.com, s3, auto",
        "bucket.0123abcd.eu.r2.cloudflarestorage.com, s3, auto",
        "storage.googleapis.com, s3, auto",
        "bucket.storage.googleapis.com, s3, auto",
        "bucket.fra1.digitaloceanspaces.com, s3, fra1",
        "bucket.s3.fr-par.scw.cloud, s3, fr-par",
        "bucket.s3.us-west-1.company, s3, us-west-1",
        "s3.us-west-1.company.example:9000, s3, us-west-1"
    })
    void isToldByTheHost(String host, String service, @Nullable String region) {
        assertThat(HostScope.of(host)).isEqualTo(new HostScope(service, region));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:9000",
                "127.0.0.1:9000",
                "[::1]:9000",
                "example.com",
                "s3.example.com",
                "bucket.s3.example.com",
                "bucket.s3.my-company.com",
                "bucket.s3.region",
                "bucket.s3.us-west-1",
                "minio.s3-us-west-1.example.com",
                "dualstack.amazonaws.com",
                "dualstack.us-east-1.amazonaws.com",
                "bucket.s3-website.us-east-1.amazonaws.com",
                "bucket.s3-website-us-east-1.amazonaws.com",
                "us-east-1.amazonaws.com",
                "unknown.amazonaws.com",
                "amazonaws.com",
                "prefix.iot.us-east-1.amazonaws.com",
                "account.dkr.ecr.us-east-1.amazonaws.com",
                "b-1.cluster.kafka.us-east-1.amazonaws.com:9098",
                "sometimes.us-east-1.amazonaws.com",
                "ec2-1-2-3-4.us-west-2.compute.amazonaws.com:9000",
                "db.abc.us-east-1.rds.amazonaws.com",
                "bucket.s3.us-east-1.vpce.amazonaws.com",
                "vpce-1a2b.us-east-1.vpce.amazonaws.com",
                "vpce-1a2b.unknown.us-east-1.vpce.amazonaws.com",
                "bucket.s3.us-east-1.s3.unknown.amazonaws.com",
                "route53.amazonaws.com.cn",
                "bucket.s3.amazonaws.com.cn",
                "sts.api.aws",
                "bucket.fra1.cdn.digitaloceanspaces.com",
                "digitaloceanspaces.com",
                "bucket.backblazeb2.com",
                "s3..backblazeb2.com",
                "bucket.scw.cloud"
            })
    void isRefusedWhereItWouldBeAGuess(String host) {
        assertThatThrownBy(() -> SigV4.forHost(host, Credentials.of("a", "b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host \"" + host + "\" does not tell service and region")
                .hasMessageContaining("give the builder what is missing");
    }

    @Test
    void needsTheRegionWhereOnlyTheServiceIsTold() {
        SigV4Builder builder = SigV4.builder(Credentials.of("a", "b")).host("bucket.s3.amazonaws.com");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host \"bucket.s3.amazonaws.com\" does not tell the region for certain");
        assertThat(builder.region("eu-west-1").build()).hasToString("SigV4[s3 in eu-west-1]");
    }

    @Test
    void needsTheServiceWhereOnlyTheRegionIsGiven() {
        SigV4Builder builder =
                SigV4.builder(Credentials.of("a", "b")).host("localhost").region("eu-west-1");

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host \"localhost\" does not tell the service for certain");
    }

    @Test
    void isCompletedByWhatIsGiven() {
        SigV4 signer = SigV4.builder(Credentials.of("a", "b"))
                .host("s3.eu-central-1.amazonaws.com")
                .region("us-west-2")
                .build();

        assertThat(signer).hasToString("SigV4[s3 in us-west-2]");
    }

    @Test
    void isNeededOnlyForWhatIsNotGiven() {
        SigV4 signer = SigV4.builder(Credentials.of("a", "b"))
                .host("localhost:9000")
                .service("s3")
                .region("us-east-1")
                .build();

        assertThat(signer).hasToString("SigV4[s3 in us-east-1]");
    }
}
