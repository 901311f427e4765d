using System.Globalization;

namespace Microcosm.Kafka;

/// <summary>What holds for topics on this broker, read once from their configurations and again when those change.</summary>
internal sealed class TopicSettings(DynamicBrokerConfig configs)
{
    private readonly Dictionary<string, (LogSettings Log, int MinInsyncReplicas)> _known = new(StringComparer.Ordinal);

    public DynamicBrokerConfig Configs => configs;

    public int MinInsyncReplicas(string topic) => Of(topic).MinInsyncReplicas;

    public LogSettings OfLog(string topic) => Of(topic).Log;

    public void Apply(MetadataChange change)
    {
        if (change.IsEverything || change.Configs.Count > 0 || change.DeletedTopics.Count > 0)
            _known.Clear();
    }

    private (LogSettings Log, int MinInsyncReplicas) Of(string topic)
    {
        if (!_known.TryGetValue(topic, out var settings))
        {
            var isr = int.Parse(configs.TopicValue(topic, "min.insync.replicas"), CultureInfo.InvariantCulture);
            _known.Add(topic, settings = (TopicLogSettings.Of(configs, topic), isr));
        }
        return settings;
    }
}
