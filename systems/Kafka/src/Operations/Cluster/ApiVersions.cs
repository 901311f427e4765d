namespace Microcosm.Kafka;

/// <summary>
/// ApiVersions (KIP-35, KIP-511): what this broker serves. A version of the request that is not known is answered with version 0 and
/// UNSUPPORTED_VERSION, with the versions of this one API, so that the client can ask again.
/// </summary>
internal static class ApiVersions
{
    public const short Key = 18;

    [KafkaOperation("ApiVersions", Key, 0, 4, FlexibleFrom = 3, IsBeforeAuthentication = true)]
    public static async ValueTask Execute(KafkaCall call)
    {
        // Clients are let in when it serves; other brokers ask whether it does.
        if (call.Client.Listener.IsInternal)
            await call.Broker.Lifecycle.ServingAsync();
        var declared = call.Operation.Declaration;
        if (call.Version < declared.Lowest || call.Version > declared.Highest)
        {
            call.Reply(new ApiVersionsResponse { ErrorCode = (short)KafkaError.UnsupportedVersion, ApiKeys = [Of(declared)] }, 0);
            return;
        }
        var request = call.Read<ApiVersionsRequest>();
        var isNamed = call.Version < 3 || (IsName(request.ClientSoftwareName) && IsName(request.ClientSoftwareVersion));
        if (isNamed && call.Version >= 3)
            call.Client.Software = $"{request.ClientSoftwareName} {request.ClientSoftwareVersion}";
        call.Reply(new ApiVersionsResponse
        {
            ErrorCode = (short)(isNamed ? KafkaError.None : KafkaError.InvalidRequest),
            ApiKeys = isNamed ? All() : [],
            FinalizedFeaturesEpoch = isNamed ? 0 : -1,
            FinalizedFeatures = isNamed ? [.. Features.All.Select(f => new ApiVersionsResponse.FinalizedFeatureKey
                { Name = f.Name, MinVersionLevel = f.Level, MaxVersionLevel = f.Level })] : [],
            SupportedFeatures = isNamed ? [.. Features.All.Select(f => new ApiVersionsResponse.SupportedFeatureKey
                { Name = f.Name, MinVersion = f.Lowest, MaxVersion = f.Level })] : [],
        });
    }

    private static List<ApiVersionsResponse.ApiVersion> All()
    {
        var all = new List<ApiVersionsResponse.ApiVersion>();
        foreach (var operation in KafkaOperations.All)
        {
            if (!operation.Declaration.IsInternal)
                all.Add(Of(operation.Declaration));
        }
        return [.. all.OrderBy(a => a.ApiKey)];
    }

    // Clients of librdkafka take Produce 0 as the sign that a broker knows all codecs, so Kafka 4 shows it though it serves 3 and above
    // (KAFKA-18659).
    private static ApiVersionsResponse.ApiVersion Of(KafkaOperationAttribute declared) => new()
    {
        ApiKey = declared.Key, MinVersion = declared.Key == Produce.Key ? (short)0 : declared.Lowest, MaxVersion = declared.Highest,
    };

    // KIP-511: letters, digits, dots and dashes, beginning and ending with a letter or digit.
    private static bool IsName(string name) => name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
