"""Cities, clusters, parks, policies and rankings as publications; the industries and organisations they name."""

from .cities import CityIndustry, CityProfile, Contact, Cost, LogisticsLink, SisterCity
from .clusters import ClusterCompany, ClusterProfile, ClusterStage, SupportOffer
from .parks import ParkIndustry, ParkProfile, Plot
from .policies import Incentive, PolicyRecord, PolicyTarget
from .rankings import RankingDimension, RankingEdition, RankingEntry
from .reference import ChainLink, Industry, Organisation, ValueChain
from .shared import Designation, Related

__all__ = [
    "ChainLink", "CityIndustry", "CityProfile", "ClusterCompany", "ClusterProfile", "ClusterStage", "Contact", "Cost",
    "Designation", "Incentive", "Industry", "LogisticsLink", "Organisation", "ParkIndustry", "ParkProfile", "Plot",
    "PolicyRecord", "PolicyTarget", "RankingDimension", "RankingEdition", "RankingEntry", "Related", "SisterCity",
    "SupportOffer", "ValueChain",
]  # fmt: skip
