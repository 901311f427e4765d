namespace Microcosm.Redis;

/// <summary>Which command describes a search.</summary>
internal enum GeoSearchForm
{
    Search,
    SearchStore,
    Radius,
    RadiusReadOnly,
    RadiusByMember,
    RadiusByMemberReadOnly,
}
