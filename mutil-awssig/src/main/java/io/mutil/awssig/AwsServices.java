package io.mutil.awssig;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that services of AWS are signed for, by what their hosts are called. */
final class AwsServices {
    /** Those that are signed for as their hosts are called. */
    private static final Set<String> SAME = Set.of("""
            access-analyzer account acm acm-pca airflow amplify aoss apigateway app-integrations appconfig appflow
            application-autoscaling application-signals applicationinsights appmesh apprunner appsync aps artifact athena
            auditmanager autoscaling autoscaling-plans b2bi backup backup-gateway batch bedrock bedrock-agentcore billing
            billingconductor braket cassandra ce chatbot chime cleanrooms cleanrooms-ml cloud9 cloudcontrolapi
            clouddirectory cloudformation cloudhsm cloudsearch cloudtrail cloudtrail-data
            codeartifact codebuild codecommit codeconnections codedeploy codeguru-profiler codeguru-reviewer
            codeguru-security codepipeline codestar-connections codestar-notifications cognito-identity cognito-idp
            cognito-sync comprehend comprehendmedical compute-optimizer config connect connect-campaigns controltower
            cost-optimization-hub cur databrew dataexchange datapipeline datasync datazone dax deadline detective
            devicefarm devops-guru directconnect discovery dlm dms docdb-elastic drs ds ds-data dsql dynamodb ebs ec2
            ec2-instance-connect ec2messages ecr ecr-public ecs eks eks-auth elasticache elasticbeanstalk elasticfilesystem
            elasticloadbalancing elasticmapreduce emr-containers emr-serverless entityresolution es events evs execute-api
            finspace finspace-api firehose fis fms forecast frauddetector freetier fsx gamelift gameliftstreams geo
            geo-maps geo-places geo-routes glacier globalaccelerator glue grafana greengrass groundstation guardduty health
            healthlake iam identitystore imagebuilder inspector inspector-scan inspector2 internetmonitor invoicing iot
            iotfleetwise iotsitewise iottwinmaker iotwireless ivs ivschat kafka kafkaconnect kendra kendra-ranking kinesis
            kinesisanalytics kinesisvideo kms lakeformation lambda launchwizard lex license-manager lightsail logs
            lookoutequipment m2 machinelearning macie2 managedblockchain managedblockchain-query mediaconnect mediaconvert
            medialive mediapackage mediapackage-vod mediapackagev2 mediastore mediatailor medical-imaging mgh mgn mpa mq
            neptune-db neptune-graph monitoring network-firewall networkmanager networkmonitor notifications oam omics
            organizations osis outposts payment-cryptography pca-connector-ad pca-connector-scep pcs personalize pi pipes
            polly pricing profile proton qapps qbusiness quicksight ram rbin rds rds-data redshift redshift-data
            redshift-serverless refactor-spaces rekognition resiliencehub resource-explorer-2 resource-groups rolesanywhere
            route53 route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness route53domains
            route53profiles route53resolver rum s3 s3-object-lambda s3-outposts s3tables s3vectors sagemaker
            sagemaker-geospatial savingsplans scheduler schemas scn secretsmanager security-ir securityhub securitylake
            serverlessrepo servicecatalog servicediscovery servicequotas shield signer signin snowball sns social-messaging
            sqs ssm ssm-contacts ssm-incidents ssm-quicksetup ssm-sap ssmmessages sso states storagegateway sts support
            swf synthetics tagging tax textract thinclient timestream timestream-influxdb tnb transcribe transfer translate
            trustedadvisor verifiedpermissions voiceid vpc-lattice vpc-lattice-svcs waf-regional wafv2 wellarchitected
            wisdom workdocs workmail workmailmessageflow workspaces workspaces-instances workspaces-web xray
            """.strip().split("\\s+"));

    private static final Map<String, String> OTHER = Map.ofEntries(
            Map.entry("api.ecr", "ecr"),
            Map.entry("appconfigdata", "appconfig"),
            Map.entry("appstream2", "appstream"),
            Map.entry("appsync-api", "appsync"),
            Map.entry("aps-workspaces", "aps"),
            Map.entry("bedrock-agent", "bedrock"),
            Map.entry("bedrock-agent-runtime", "bedrock"),
            Map.entry("bedrock-agentcore-control", "bedrock-agentcore"),
            Map.entry("bedrock-data-automation", "bedrock"),
            Map.entry("bedrock-data-automation-runtime", "bedrock"),
            Map.entry("bedrock-runtime", "bedrock"),
            Map.entry("cassandra-streams", "cassandra"),
            Map.entry("cloudhsmv2", "cloudhsm"),
            Map.entry("contact-lens", "connect"),
            Map.entry("control-kinesis", "kinesis"),
            Map.entry("data-kinesis", "kinesis"),
            Map.entry("data-signer", "signer"),
            Map.entry("ddb", "dynamodb"),
            Map.entry("deployment-marketplace", "aws-marketplace"),
            Map.entry("email", "ses"),
            Map.entry("forecastquery", "forecast"),
            Map.entry("identity-chime", "chime"),
            Map.entry("ivsrealtime", "ivs"),
            Map.entry("lambda-url", "lambda"),
            Map.entry("mail-manager", "ses"),
            Map.entry("marketplace", "aws-marketplace"),
            Map.entry("media-pipelines-chime", "chime"),
            Map.entry("meetings-chime", "chime"),
            Map.entry("memory-db", "memorydb"),
            Map.entry("messaging-chime", "chime"),
            Map.entry("migrationhub-config", "mgh"),
            Map.entry("models-v2-lex", "lex"),
            Map.entry("oidc", "sso-oauth"),
            Map.entry("participant.connect", "execute-api"),
            Map.entry("personalize-events", "personalize"),
            Map.entry("personalize-runtime", "personalize"),
            Map.entry("pinpoint", "mobiletargeting"),
            Map.entry("portal.sso", "awsssoportal"),
            Map.entry("runtime-v2-lex", "lex"),
            Map.entry("s3-accesspoint", "s3"),
            Map.entry("s3-control", "s3"),
            Map.entry("servicecatalog-appregistry", "servicecatalog"),
            Map.entry("sms-voice.pinpoint", "sms-voice"),
            Map.entry("transcribestreaming", "transcribe"),
            Map.entry("voice-chime", "chime"));

    /** Those of which hosts with more before the name belong to other services, or to none. */
    private static final Set<String> ALONE =
            Set.of("codeartifact", "connect", "ecr", "iot", "kafka", "mq", "pinpoint", "sso");

    /** Those whose hosts have the region before the name. */
    private static final Map<String, String> AFTER_REGION =
            Map.of("aoss", "aoss", "cloudsearch", "cloudsearch", "es", "es", "neptune", "neptune-db", "queue", "sqs");

    private AwsServices() {}

    /**
     * The service of a host, null if it is not known for certain.
     *
     * @param before the labels before the region
     */
    static @Nullable String beforeRegion(List<String> before) {
        int count = before.size();
        if (count == 0) {
            return null;
        }
        String label = withoutFips(before.get(count - 1));
        if (label.startsWith("s3express-")) {
            return "s3express";
        }
        if (count > 1 && ALONE.contains(label)) {
            return OTHER.get(withoutFips(before.get(count - 2)) + '.' + label);
        }
        return SAME.contains(label) ? label : OTHER.get(label);
    }

    private static String withoutFips(String label) {
        return label.endsWith("-fips") ? label.substring(0, label.length() - "-fips".length()) : label;
    }

    /**
     * The service of a host whose region is followed by one more label; null if it is not known for certain.
     *
     * @param label what follows the region
     */
    static @Nullable String afterRegion(String label) {
        return AFTER_REGION.get(label);
    }
}
