namespace Microcosm.Kafka;

/// <summary>What Kafka says with an error code; clients show it to people and some compare it.</summary>
internal static class KafkaErrors
{
    /// <summary>Null for <see cref="KafkaError.None"/>.</summary>
    public static string? Message(KafkaError error) => error switch
    {
        KafkaError.None => null,
        <= KafkaError.InvalidTxnState => UpTo48(error),
        <= KafkaError.TopicDeletionDisabled => UpTo73(error),
        <= KafkaError.SnapshotNotFound => UpTo98(error),
        _ => Last(error),
    };

    /// <summary>The error of a name in Kafka's spelling: <c>NOT_LEADER_OR_FOLLOWER</c>.</summary>
    public static bool TryParse(string name, out KafkaError error) =>
        Enum.TryParse(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out error) && !char.IsAsciiDigit(name[0]);

    private static string UpTo48(KafkaError error) => error switch
    {
        KafkaError.UnknownServerError => "The server experienced an unexpected error when processing the request.",
        KafkaError.OffsetOutOfRange => "The requested offset is not within the range of offsets maintained by the server.",
        KafkaError.CorruptMessage =>
            "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is "
            + "otherwise corrupt.",
        KafkaError.UnknownTopicOrPartition => "This server does not host this topic-partition.",
        KafkaError.InvalidFetchSize => "The requested fetch size is invalid.",
        KafkaError.LeaderNotAvailable => "There is no leader for this topic-partition as we are in the middle of a leadership election.",
        KafkaError.NotLeaderOrFollower =>
            "For requests intended only for the leader, this error indicates that the broker is not the current leader. "
            + "For requests intended for any replica, this error indicates that the broker is not a replica of the topic "
            + "partition.",
        KafkaError.RequestTimedOut => "The request timed out.",
        KafkaError.BrokerNotAvailable => "The broker is not available.",
        KafkaError.ReplicaNotAvailable =>
            "The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests "
            + "intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of the "
            + "topic-partition.",
        KafkaError.MessageTooLarge => "The request included a message larger than the max message size the server will accept.",
        KafkaError.StaleControllerEpoch => "The controller moved to another broker.",
        KafkaError.OffsetMetadataTooLarge => "The metadata field of the offset request was too large.",
        KafkaError.NetworkException => "The server disconnected before a response was received.",
        KafkaError.CoordinatorLoadInProgress => "The coordinator is loading and hence can't process requests.",
        KafkaError.CoordinatorNotAvailable => "The coordinator is not available.",
        KafkaError.NotCoordinator => "This is not the correct coordinator.",
        KafkaError.InvalidTopicException => "The request attempted to perform an operation on an invalid topic.",
        KafkaError.RecordListTooLarge => "The request included message batch larger than the configured segment size on the server.",
        KafkaError.NotEnoughReplicas => "Messages are rejected since there are fewer in-sync replicas than required.",
        KafkaError.NotEnoughReplicasAfterAppend => "Messages are written to the log, but to fewer in-sync replicas than required.",
        KafkaError.InvalidRequiredAcks => "Produce request specified an invalid value for required acks.",
        KafkaError.IllegalGeneration => "Specified group generation id is not valid.",
        KafkaError.InconsistentGroupProtocol =>
            "The group member's supported protocols are incompatible with those of existing members or first group member "
            + "tried to join with empty protocol type or empty protocol list.",
        KafkaError.InvalidGroupId => "The configured groupId is invalid.",
        KafkaError.UnknownMemberId => "The coordinator is not aware of this member.",
        KafkaError.InvalidSessionTimeout =>
            "The session timeout is not within the range allowed by the broker (as configured by "
            + "group.min.session.timeout.ms and group.max.session.timeout.ms).",
        KafkaError.RebalanceInProgress => "The group is rebalancing, so a rejoin is needed.",
        KafkaError.InvalidCommitOffsetSize => "The committing offset data size is not valid.",
        KafkaError.TopicAuthorizationFailed => "Topic authorization failed.",
        KafkaError.GroupAuthorizationFailed => "Group authorization failed.",
        KafkaError.ClusterAuthorizationFailed => "Cluster authorization failed.",
        KafkaError.InvalidTimestamp => "The timestamp of the message is out of acceptable range.",
        KafkaError.UnsupportedSaslMechanism => "The broker does not support the requested SASL mechanism.",
        KafkaError.IllegalSaslState => "Request is not valid given the current SASL state.",
        KafkaError.UnsupportedVersion => "The version of API is not supported.",
        KafkaError.TopicAlreadyExists => "Topic with this name already exists.",
        KafkaError.InvalidPartitions => "Number of partitions is below 1.",
        KafkaError.InvalidReplicationFactor => "Replication factor is below 1 or larger than the number of available brokers.",
        KafkaError.InvalidReplicaAssignment => "Replica assignment is invalid.",
        KafkaError.InvalidConfig => "Configuration is invalid.",
        KafkaError.NotController => "This is not the correct controller for this cluster.",
        KafkaError.InvalidRequest =>
            "This most likely occurs because of a request being malformed by the client library or the message was sent to "
            + "an incompatible broker. See the broker logs for more details.",
        KafkaError.UnsupportedForMessageFormat => "The message format version on the broker does not support the request.",
        KafkaError.PolicyViolation => "Request parameters do not satisfy the configured policy.",
        KafkaError.OutOfOrderSequenceNumber => "The broker received an out of order sequence number.",
        KafkaError.DuplicateSequenceNumber => "The broker received a duplicate sequence number.",
        KafkaError.InvalidProducerEpoch => "Producer attempted to produce with an old epoch.",
        KafkaError.InvalidTxnState => "The producer attempted a transactional operation in an invalid state.",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    private static string UpTo73(KafkaError error) => error switch
    {
        KafkaError.InvalidProducerIdMapping =>
            "The producer attempted to use a producer id which is not currently assigned to its transactional id.",
        KafkaError.InvalidTransactionTimeout =>
            "The transaction timeout is larger than the maximum value allowed by the broker (as configured by "
            + "transaction.max.timeout.ms).",
        KafkaError.ConcurrentTransactions =>
            "The producer attempted to update a transaction while another concurrent operation on the same transaction was "
            + "ongoing.",
        KafkaError.TransactionCoordinatorFenced =>
            "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator for "
            + "a given producer.",
        KafkaError.TransactionalIdAuthorizationFailed => "Transactional Id authorization failed.",
        KafkaError.SecurityDisabled => "Security features are disabled.",
        KafkaError.OperationNotAttempted =>
            "The broker did not attempt to execute this operation. This may happen for batched RPCs where some operations "
            + "in the batch failed, causing the broker to respond without trying the rest.",
        KafkaError.KafkaStorageError => "Disk error when trying to access log file on the disk.",
        KafkaError.LogDirNotFound => "The user-specified log directory is not found in the broker config.",
        KafkaError.SaslAuthenticationFailed => "SASL Authentication failed.",
        KafkaError.UnknownProducerId =>
            "This exception is raised by the broker if it could not locate the producer metadata associated with the "
            + "producerId in question. This could happen if, for instance, the producer's records were deleted because their "
            + "retention time had elapsed. Once the last records of the producerId are removed, the producer's metadata is "
            + "removed from the broker, and future appends by the producer will return this exception.",
        KafkaError.ReassignmentInProgress => "A partition reassignment is in progress.",
        KafkaError.DelegationTokenAuthDisabled => "Delegation Token feature is not enabled.",
        KafkaError.DelegationTokenNotFound => "Delegation Token is not found on server.",
        KafkaError.DelegationTokenOwnerMismatch => "Specified Principal is not valid Owner/Renewer.",
        KafkaError.DelegationTokenRequestNotAllowed =>
            "Delegation Token requests are not allowed on PLAINTEXT/1-way SSL channels and on delegation token "
            + "authenticated channels.",
        KafkaError.DelegationTokenAuthorizationFailed => "Delegation Token authorization failed.",
        KafkaError.DelegationTokenExpired => "Delegation Token is expired.",
        KafkaError.InvalidPrincipalType => "Supplied principalType is not supported.",
        KafkaError.NonEmptyGroup => "The group is not empty.",
        KafkaError.GroupIdNotFound => "The group id does not exist.",
        KafkaError.FetchSessionIdNotFound => "The fetch session ID was not found.",
        KafkaError.InvalidFetchSessionEpoch => "The fetch session epoch is invalid.",
        KafkaError.ListenerNotFound =>
            "There is no listener on the leader broker that matches the listener on which metadata request was processed.",
        KafkaError.TopicDeletionDisabled => "Topic deletion is disabled.",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    private static string UpTo98(KafkaError error) => error switch
    {
        KafkaError.FencedLeaderEpoch => "The leader epoch in the request is older than the epoch on the broker.",
        KafkaError.UnknownLeaderEpoch => "The leader epoch in the request is newer than the epoch on the broker.",
        KafkaError.UnsupportedCompressionType => "The requesting client does not support the compression type of given partition.",
        KafkaError.StaleBrokerEpoch => "Broker epoch has changed.",
        KafkaError.OffsetNotAvailable =>
            "The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed "
            + "to be monotonically increasing.",
        KafkaError.MemberIdRequired => "The group member needs to have a valid member id before actually entering a consumer group.",
        KafkaError.PreferredLeaderNotAvailable => "The preferred leader was not available.",
        KafkaError.GroupMaxSizeReached => "The consumer group has reached its max size.",
        KafkaError.FencedInstanceId =>
            "The broker rejected this static consumer since another consumer with the same group.instance.id has "
            + "registered with a different member.id.",
        KafkaError.EligibleLeadersNotAvailable => "Eligible topic partition leaders are not available.",
        KafkaError.ElectionNotNeeded => "Leader election not needed for topic partition.",
        KafkaError.NoReassignmentInProgress => "No partition reassignment is in progress.",
        KafkaError.GroupSubscribedToTopic =>
            "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.",
        KafkaError.InvalidRecord => "This record has failed the validation on broker and hence will be rejected.",
        KafkaError.UnstableOffsetCommit => "There are unstable offsets that need to be cleared.",
        KafkaError.ThrottlingQuotaExceeded => "The throttling quota has been exceeded.",
        KafkaError.ProducerFenced => "There is a newer producer with the same transactionalId which fences the current one.",
        KafkaError.ResourceNotFound => "A request illegally referred to a resource that does not exist.",
        KafkaError.DuplicateResource => "A request illegally referred to the same resource twice.",
        KafkaError.UnacceptableCredential => "Requested credential would not meet criteria for acceptability.",
        KafkaError.InconsistentVoterSet =>
            "Indicates that the either the sender or recipient of a voter-only request is not one of the expected voters.",
        KafkaError.InvalidUpdateVersion => "The given update version was invalid.",
        KafkaError.FeatureUpdateFailed => "Unable to update finalized features due to an unexpected server error.",
        KafkaError.PrincipalDeserializationFailure =>
            "Request principal deserialization failed during forwarding. This indicates an internal error on the broker "
            + "cluster security setup.",
        KafkaError.SnapshotNotFound => "Requested snapshot was not found.",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };

    private static string Last(KafkaError error) => error switch
    {
        KafkaError.PositionOutOfRange => "Requested position is not greater than or equal to zero, and less than the size of the snapshot.",
        KafkaError.UnknownTopicId => "This server does not host this topic ID.",
        KafkaError.DuplicateBrokerRegistration => "This broker ID is already in use.",
        KafkaError.BrokerIdNotRegistered => "The given broker ID was not registered.",
        KafkaError.InconsistentTopicId => "The log's topic ID did not match the topic ID in the request.",
        KafkaError.InconsistentClusterId => "The clusterId in the request does not match that found on the server.",
        KafkaError.TransactionalIdNotFound => "The transactionalId could not be found.",
        KafkaError.FetchSessionTopicIdError => "The fetch session encountered inconsistent topic ID usage.",
        KafkaError.IneligibleReplica => "The new ISR contains at least one ineligible replica.",
        KafkaError.NewLeaderElected => "The AlterPartition request successfully updated the partition state but the leader has changed.",
        KafkaError.OffsetMovedToTieredStorage => "The requested offset is moved to tiered storage.",
        KafkaError.FencedMemberEpoch =>
            "The member epoch is fenced by the group coordinator. The member must abandon all its partitions and rejoin.",
        KafkaError.UnreleasedInstanceId =>
            "The instance ID is still used by another member in the consumer group. That member must leave first.",
        KafkaError.UnsupportedAssignor => "The assignor or its version range is not supported by the consumer group.",
        KafkaError.StaleMemberEpoch =>
            "The member epoch is stale. The member must retry after receiving its updated member epoch via the "
            + "ConsumerGroupHeartbeat API.",
        KafkaError.MismatchedEndpointType => "The request was sent to an endpoint of the wrong type.",
        KafkaError.UnsupportedEndpointType => "This endpoint type is not supported yet.",
        KafkaError.UnknownControllerId => "This controller ID is not known.",
        KafkaError.UnknownSubscriptionId => "Client sent a push telemetry request with an invalid or outdated subscription ID.",
        KafkaError.TelemetryTooLarge => "Client sent a push telemetry request larger than the maximum size the broker will accept.",
        KafkaError.InvalidRegistration => "The controller has considered the broker registration to be invalid.",
        KafkaError.TransactionAbortable =>
            "The server encountered an error with the transaction. The client can abort the transaction to continue using "
            + "this transactional ID.",
        KafkaError.InvalidRecordState => "The record state is invalid. The acknowledgement of delivery could not be completed.",
        KafkaError.ShareSessionNotFound => "The share session was not found.",
        KafkaError.InvalidShareSessionEpoch => "The share session epoch is invalid.",
        KafkaError.FencedStateEpoch => "The share coordinator rejected the request because the share-group state epoch did not match.",
        KafkaError.InvalidVoterKey => "The voter key doesn't match the receiving replica's key.",
        KafkaError.DuplicateVoter => "The voter is already part of the set of voters.",
        KafkaError.VoterNotFound => "The voter is not part of the set of voters.",
        KafkaError.InvalidRegularExpression => "The regular expression is not valid.",
        _ => throw new ArgumentOutOfRangeException(nameof(error)),
    };
}
