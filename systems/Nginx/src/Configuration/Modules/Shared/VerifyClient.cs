namespace Microcosm.Nginx;

/// <summary>Whether clients show certificates.</summary>
internal enum VerifyClient
{
    Off,
    On,
    Optional,
    OptionalNoCa,
}
