namespace Microcosm.Kafka;

/// <summary>Connections to other brokers for one purpose, each made when it is first needed.</summary>
internal sealed class BrokerLinks(KafkaBroker broker, string purpose)
{
    private readonly SortedDictionary<int, BrokerLink> _links = [];

    public BrokerLink To(int id)
    {
        if (!_links.TryGetValue(id, out var link))
            _links.Add(id, link = broker.LinkTo(id, $"broker-{broker.Id}-{purpose}"));
        return link;
    }

    public void Close()
    {
        foreach (var link in _links.Values)
            link.Close();
    }
}
