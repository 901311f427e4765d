namespace Microcosm.Kafka;

/// <summary>Changes of configurations: checked by this broker, then put before the cluster.</summary>
internal static class ConfigAlteration
{
    public static ConfigResource ResourceOf(sbyte type, string name) => new((ConfigResourceType)(byte)type, name);

    /// <summary>One result a resource, in their order.</summary>
    public static async ValueTask<MetadataResult[]> AlterAsync(
        KafkaCall call, IReadOnlyList<(ConfigResource Resource, IReadOnlyList<ConfigChange> Changes)> wanted, bool isValidateOnly)
    {
        var broker = call.Broker;
        var results = new MetadataResult[wanted.Count];
        for (var i = 0; i < wanted.Count; i++)
        {
            var (resource, changes) = wanted[i];
            results[i] = wanted.Count(w => w.Resource == resource) > 1
                ? new MetadataResult(KafkaError.InvalidRequest, "Each resource must appear at most once.")
                : call.CheckConfigs(AclOperation.AlterConfigs, resource) is var refused && refused != KafkaError.None
                    ? new MetadataResult(refused)
                : MetadataResult.Of(() => ConfigValidation.Check(broker.Settings.Configs, resource, changes));
        }
        var good = Enumerable.Range(0, wanted.Count).Where(i => results[i].Error == KafkaError.None).ToArray();
        if (good.Length == 0)
            return results;
        var result = await broker.ProposeAsync(new AlterConfigs([.. good.Select(i => wanted[i])], isValidateOnly), isRepeatable: true);
        for (var i = 0; i < good.Length; i++)
            results[good[i]] = result is MetadataResults parts ? parts.Parts[i] : result;
        return results;
    }
}
