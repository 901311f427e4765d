using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Puts the proxy's addresses in the place of the cluster's, in the responses that tell where brokers are. Those are decoded and written
/// anew; what they have of fields that nobody knows is lost. ApiVersions is changed so that clients ask for nothing that cannot be read
/// here.
/// </summary>
internal sealed class AddressRewriter(ProxiedBrokers brokers, TopicIds topics, INodeLog log)
{
    private const short MetadataKey = 3;
    private const short FindCoordinatorKey = 10;
    private const short DescribeClusterKey = 60;

    // They name brokers too (KIP-932), and are not implemented.
    private static readonly (short Key, string Name)[] NotOffered = [(78, "ShareFetch"), (79, "ShareAcknowledge")];

    private readonly HashSet<string> _said = [];

    /// <summary>True where a response of that API and version may tell addresses, and has to be read.</summary>
    public static bool IsRead(short key, short version) => key switch
    {
        Produce.Key => version >= 10,
        Fetch.Key => version >= 16,
        ApiVersions.Key or MetadataKey or FindCoordinatorKey or DescribeClusterKey => true,
        _ => false,
    };

    /// <summary>Why a request cannot be passed on, since addresses in its response would be the cluster's; null where it can.</summary>
    public static string? WhyRefused(short key, short version)
    {
        foreach (var (refused, name) in NotOffered)
        {
            if (refused == key)
                return $"{name} is not offered: the proxy cannot rewrite the addresses in its responses";
        }
        return HighestRead(key) is { } highest && version > highest ? $"version {version} of {NameOf(key)} is not offered: the proxy "
            + "cannot rewrite the addresses in its responses" : null;
    }

    /// <summary>The response as the client is to see it, with its length in front; null where it stays as it is. Throws <see
    /// cref="KafkaFormatException"/>, and <see cref="IOException"/> where a broker cannot be served.</summary>
    /// <param name="frame">Behind its length.</param>
    /// <param name="isSocket">The client came by one.</param>
    public ValueTask<byte[]?> RewriteAsync(short key, short version, ReadOnlyMemory<byte> frame, bool isSocket) => key switch
    {
        Produce.Key => ChangeAsync<ProduceResponse>(frame, version, r => ChangeAsync(r, isSocket)),
        Fetch.Key => ChangeAsync<FetchResponse>(frame, version, r => ChangeAsync(r, isSocket)),
        ApiVersions.Key when IsUnsupported(frame) => ValueTask.FromResult<byte[]?>(null),
        ApiVersions.Key => ChangeAsync<ApiVersionsResponse>(frame, version, Narrow),
        MetadataKey => ChangeAsync<MetadataResponse>(frame, version, r => ChangeAsync(r, isSocket)),
        FindCoordinatorKey => ChangeAsync<FindCoordinatorResponse>(frame, version, r => ChangeAsync(r, isSocket)),
        _ => ChangeAsync<DescribeClusterResponse>(frame, version, r => ChangeAsync(r, isSocket)),
    };

    private static string NameOf(short key) => KafkaOperations.Find(key)!.Declaration.Name;

    // The last version of an API whose responses have to be read; null for others.
    private static short? HighestRead(short key) =>
        IsRead(key, short.MaxValue) ? KafkaOperations.Find(key)!.Declaration.Highest : null;

    // A version of ApiVersions that the broker does not know is answered in version 0 (KIP-511), or what it takes for that: librdkafka's
    // mock cluster mixes versions. Clients look at the error, and ask again.
    private static bool IsUnsupported(ReadOnlyMemory<byte> frame) =>
        (KafkaError)new MessageReader(frame, sizeof(int), isFlexible: false).ReadInt16() == KafkaError.UnsupportedVersion;

    // Change says whether there was anything to change.
    private static async ValueTask<byte[]?> ChangeAsync<T>(ReadOnlyMemory<byte> frame, short version, Func<T, ValueTask<bool>> change)
        where T : class, IMessage<T>
    {
        var (correlationId, response) = Read<T>(frame, version);
        return await change(response) ? ProxyCall.Frame(correlationId, response, version) : null;
    }

    // What follows a response is nobody's, as clients have it: librdkafka's mock cluster leaves a byte behind Metadata 12.
    private static (int CorrelationId, T Response) Read<T>(ReadOnlyMemory<byte> frame, short version)
        where T : class, IMessage<T>
    {
        var isFlexible = MessageCodec.IsFlexible<T>(version);
        var reader = new MessageReader(frame, 0, isFlexible);
        var header = ResponseHeader.Read(ref reader, ResponseHeader.Version(T.ApiKey, isFlexible));
        return (header.CorrelationId, T.Read(ref reader, version));
    }

    private ValueTask<bool> Narrow(ApiVersionsResponse response)
    {
        response.ApiKeys.RemoveAll(api =>
        {
            if (NotOffered.FirstOrDefault(n => n.Key == api.ApiKey) is { Name: { } name })
                return Say($"{name} is not offered to clients: the addresses in its responses are not rewritten");
            if (HighestRead(api.ApiKey) is not { } highest || api.MaxVersion <= highest)
                return false;
            api.MaxVersion = highest;
            return api.MinVersion > highest && Say(
                $"{NameOf(api.ApiKey)} is not offered to clients: the cluster has it from version {api.MinVersion} on, of which the proxy "
                + "reads none");
        });
        return ValueTask.FromResult(true);
    }

    private async ValueTask<bool> ChangeAsync(MetadataResponse response, bool isSocket)
    {
        topics.Learn(response);
        foreach (var broker in response.Brokers)
            (broker.Host, broker.Port) = await brokers.AddressOfAsync(broker.NodeId, broker.Host, broker.Port, isSocket);
        return true;
    }

    private async ValueTask<bool> ChangeAsync(FindCoordinatorResponse response, bool isSocket)
    {
        // Nobody is found: there is an error then.
        if (response is { ErrorCode: 0, Host.Length: > 0 })
            (response.Host, response.Port) = await brokers.AddressOfAsync(response.NodeId, response.Host, response.Port, isSocket);
        foreach (var found in response.Coordinators.Where(c => c is { ErrorCode: 0, Host.Length: > 0 }))
            (found.Host, found.Port) = await brokers.AddressOfAsync(found.NodeId, found.Host, found.Port, isSocket);
        return true;
    }

    private async ValueTask<bool> ChangeAsync(DescribeClusterResponse response, bool isSocket)
    {
        // Controllers are of another kind, and clients are not served by them here.
        if (response.EndpointType != 1)
            return false;
        foreach (var broker in response.Brokers)
            (broker.Host, broker.Port) = await brokers.AddressOfAsync(broker.BrokerId, broker.Host, broker.Port, isSocket);
        return true;
    }

    private async ValueTask<bool> ChangeAsync(ProduceResponse response, bool isSocket)
    {
        foreach (var leader in response.NodeEndpoints)
            (leader.Host, leader.Port) = await brokers.AddressOfAsync(leader.NodeId, leader.Host, leader.Port, isSocket);
        return response.NodeEndpoints.Count > 0;
    }

    private async ValueTask<bool> ChangeAsync(FetchResponse response, bool isSocket)
    {
        foreach (var leader in response.NodeEndpoints)
            (leader.Host, leader.Port) = await brokers.AddressOfAsync(leader.NodeId, leader.Host, leader.Port, isSocket);
        return response.NodeEndpoints.Count > 0;
    }

    private bool Say(string what)
    {
        if (_said.Add(what))
            log.Write(LogSeverity.Warning, what);
        return true;
    }
}
