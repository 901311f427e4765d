namespace Microcosm.Redis;

/// <summary>What a full bucket hands on to.</summary>
internal sealed class KeyOverflow
{
    private KeyBucket _bucket;

    public ref KeyBucket Bucket => ref _bucket;
}
