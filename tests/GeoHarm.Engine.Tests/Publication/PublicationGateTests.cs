using GeoHarm.Engine.Publication;
using GeoHarm.Spatial.Layers;

namespace GeoHarm.Engine.Tests.Publication;

public class PublicationGateTests
{
    private static Layer Cells(Sensitivity sensitivity) => new("cells", [Column.Real("ha", [1.5, 2])], sensitivity: sensitivity);

    [Fact]
    public void An_open_layer_leaves_unrounded_with_the_caveats_of_the_run()
    {
        var released = PublicationGate.Release(Cells(Sensitivity.Open), Audience.Public, ["Scenario, not forecast."]);
        Assert.Equal(1.5, released.Layer["ha"].Number(0));
        Assert.Equal(["Scenario, not forecast."], released.Layer.Caveats);
    }

    [Theory]
    [InlineData(Audience.Public)]
    [InlineData(Audience.Analyst)]
    public void A_sensitive_layer_is_refused_with_a_remedy(Audience audience) =>
        Assert.Contains("coarsen", Assert.Throws<NotPublishableException>(() => PublicationGate.Release(Cells(Sensitivity.Sensitive), audience, [])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_steward_copy_is_watermarked() =>
        Assert.Contains(PublicationGate.Release(Cells(Sensitivity.Sensitive), Audience.Steward, []).Layer.Caveats, c => c.StartsWith("STEWARD COPY", StringComparison.Ordinal));
}
